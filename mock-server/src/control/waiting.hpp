#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "control/call.hpp"

namespace mockserver::control {

/// Waits (in real time: the one that waits is a person's test) until `arrived` returns true;
/// it is called with how long it may block each time. The problem if it never does: 408
/// after `timeout`, with the detail that `missing` gives; 404 once the issuer is deleted;
/// 503 once the server ends.
std::optional<Problem> await(const Call& call, std::chrono::seconds timeout,
                             const std::function<bool(std::chrono::milliseconds)>& arrived,
                             const std::function<std::string()>& missing);

}  // namespace mockserver::control
