#pragma once

#include <optional>
#include <string>

#include "oidc/json.hpp"

namespace scenarios::commands {

/// Where in a command's output a value is.
struct Extract {
  enum class How { kPattern, kPointer, kAll, kValue } how = How::kAll;
  std::string text;    ///< the pattern, or the JSON Pointer
  oidc::Json value{};  ///< of kValue
};

/// What is there; none if it is not.
std::optional<oidc::Json> extracted(const Extract& extract, const std::string& output);

/// What the pattern finds: its first group, if it has one.
std::optional<std::string> first_match(const std::string& pattern, const std::string& text);

/// Without white space around it.
std::string trimmed(const std::string& text);

}  // namespace scenarios::commands
