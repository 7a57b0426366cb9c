#include "loader/plain_scalar.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <regex>
#include <string_view>

#include "pattern.hpp"

namespace scenarios {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// As much of it as fits a line.
std::string shown(const std::string& text) {
  constexpr std::size_t kMost = 60;
  return text.size() > kMost ? text.substr(0, kMost) + "..." : text;
}

PlainScalar ambiguous(const std::string& text, const std::string& why) {
  return {text, "unquoted " + shown(text) + " " + why + ": write \"" + shown(text) + "\""};
}

bool is_yaml11_boolean(const std::string& text) {
  static constexpr std::array<std::string_view, 8> kWords = {"yes", "no", "on", "off", "y", "n", "true", "false"};
  return std::ranges::find(kWords, lower(text)) != kWords.end();
}

/// One spelling that two readers of YAML take for different things.
struct Trap {
  std::regex form;
  const char* why;
};

const std::array<Trap, 6>& traps() {
  static const std::array<Trap, 6> kTraps = {
      Trap{make_pattern("[-+]?0[0-9_]+"), "is an octal number to some YAML readers"},
      Trap{make_pattern("[-+]?0[xob][0-9A-Fa-f_]+"), "is a number to some YAML readers"},
      Trap{make_pattern(
               "[-+]?[0-9][0-9_]*(\\.[0-9_]*)?[eE][-+]?[0-9]+|[-+]?[0-9]+(_[0-9]*)+|[-+]?\\.(inf|Inf|INF)|\\.(nan|"
               "NaN|NAN)"),
           "is a number to some YAML readers and text to others"},
      Trap{make_pattern("[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9_]*)?"), "is a number of base 60 to some YAML readers"},
      Trap{make_pattern("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \\t].*)?"), "is a date to some YAML readers"},
      Trap{make_pattern("=|<<|~|null|Null|NULL"), "has a special meaning to some YAML readers"},
  };
  return kTraps;
}

PlainScalar integer(const std::string& text) {
  errno = 0;
  const long long value = std::strtoll(text.c_str(), nullptr, 10);
  if (errno == ERANGE) {
    return {text, "the number " + shown(text) + " is too large"};
  }
  return {value};
}

}  // namespace

PlainScalar resolve_plain(const std::string& text) {
  if (text == "true" || text == "false") {
    return {text == "true"};
  }
  if (is_yaml11_boolean(text)) {
    return ambiguous(text, "is a boolean to some YAML readers");
  }
  for (const Trap& trap : traps()) {
    if (std::regex_match(text, trap.form)) {
      return ambiguous(text, trap.why);
    }
  }
  static const std::regex kInteger = make_pattern("[-+]?[0-9]+");
  if (std::regex_match(text, kInteger)) {
    return integer(text);
  }
  static const std::regex kDecimal = make_pattern("[-+]?([0-9]+\\.[0-9]*|\\.[0-9]+)");
  if (std::regex_match(text, kDecimal)) {
    return {std::strtod(text.c_str(), nullptr)};
  }
  return {text};
}

}  // namespace scenarios
