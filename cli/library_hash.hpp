#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace cli {

/// Tells two libraries apart: 12 hex digits of a hash over ids and texts, in the order of the ids.
std::string hash_of(const std::vector<scenarios::Scenario>& library);

}  // namespace cli
