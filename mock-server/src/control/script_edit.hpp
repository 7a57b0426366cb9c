#pragma once

#include <string>
#include <variant>
#include <vector>

#include "control/problem.hpp"
#include "mockserver/script.hpp"

namespace mockserver::control {

/// Parses steps that shall follow those of `script`, with ids that differ from theirs and
/// from each other. Changes nothing. `prefix` is the pointer to `json`, an array.
std::variant<std::vector<Step>, Problem> parse_steps(const oidc::Json& json, const Script& script,
                                                     const std::string& prefix);

}  // namespace mockserver::control
