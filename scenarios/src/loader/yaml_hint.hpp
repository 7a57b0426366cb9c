#pragma once

#include <string>
#include <string_view>

#include "scenarios/document.hpp"

namespace scenarios {

/// What the author of a file that is no YAML can do about it: `message` is yaml-cpp's, which tells what the parser
/// missed at `place`, and becomes a part of the result.
std::string explain_yaml_error(std::string_view text, Place place, const std::string& message);

}  // namespace scenarios
