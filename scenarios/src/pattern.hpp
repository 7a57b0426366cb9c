#pragma once

#include <regex>
#include <string>

namespace scenarios {

/// An ECMAScript regular expression without back-references, matched without recursion: the library's other way goes
/// one call deeper with each character, and a mebibyte of text would end the process.
/// Throws std::regex_error for what is none.
inline std::regex make_pattern(const std::string& text) {
  return std::regex{text, std::regex::ECMAScript | std::regex_constants::__polynomial};
}

}  // namespace scenarios
