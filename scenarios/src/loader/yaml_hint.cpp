#include "loader/yaml_hint.hpp"

#include <algorithm>
#include <cstddef>

namespace scenarios {
namespace {

constexpr std::string_view kWhite = " \t";

/// The line without its end, "" behind the last one.
std::string_view line_of(std::string_view text, std::size_t line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::string_view indentation_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(kWhite), line.size()));
}

}  // namespace

std::string explain_yaml_error(std::string_view text, Place place, const std::string& message) {
  const std::string_view line = line_of(text, place.line);
  const std::string_view indentation = indentation_of(line);
  if (indentation.find('\t') != std::string_view::npos) {
    return "the line begins with a tab, which YAML does not allow: indent with spaces (" + message + ")";
  }
  const std::string_view before = line.substr(0, std::min(place.column - 1, line.size()));
  const bool at_start = before.size() <= indentation.size();
  if (message == "end of map not found" || message == "end of sequence not found") {
    return message + (at_start ? " (is this line indented like those that it belongs to?)"
                               : " (is there something behind a closing quote or bracket?)");
  }
  if (message == "illegal map value") {
    const bool second = before.find(": ") != std::string_view::npos;
    return message + (second ? " (text with \": \" in it must be in quotes)"
                             : " (is this line indented more than those that it belongs to?)");
  }
  return message;
}

}  // namespace scenarios
