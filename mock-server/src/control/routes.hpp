#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/call.hpp"

namespace mockserver::control {

/// One call of the API.
struct Route {
  std::string_view method;
  std::string_view path;   ///< segments in braces match any one segment
  std::string_view body;   ///< definition in control.schema.json; "" if the call takes no body
  std::string_view query;  ///< allowed parameters, separated by spaces; "form.*" allows each name below "form."
  Action action;
  std::string_view summary;
};

std::span<const Route> routes();

/// The decoded segments of a path that stand for the braces of `pattern`, by name.
using PathArguments = std::map<std::string, std::string, std::less<>>;
/// Nothing if the path does not fit.
std::optional<PathArguments> match(std::string_view pattern, std::string_view path);

/// `text` split at each `separator`; no empty parts.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace mockserver::control
