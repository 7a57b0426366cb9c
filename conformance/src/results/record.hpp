#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oidc/json.hpp"

namespace conformance {

/// Reads the members of a JSON object as what they must be. What the first one that is not should have been is kept in
/// `problem`; from then on values are empty, so that a reader need not look after each member.
class Record {
 public:
  Record(const oidc::Json& value, std::string& problem);

  bool has(const char* name) const;
  std::string text(const char* name) const;
  std::size_t count(const char* name) const;
  bool flag(const char* name) const;
  std::vector<std::string> texts(const char* name) const;
  std::vector<std::size_t> counts(const char* name) const;
  /// [[name, value], …]
  std::vector<std::pair<std::string, std::string>> pairs(const char* name) const;
  /// Seconds, as a duration of the type.
  template <typename Duration>
  Duration seconds(const char* name) const {
    constexpr auto kTicks = static_cast<double>(Duration::period::den) / static_cast<double>(Duration::period::num);
    return Duration{std::llround(std::clamp(number(name) * kTicks, -kMost, kMost))};
  }
  /// The member's value by its word, "text" if there is no such word: verdict("verdict", verdict_of).
  template <typename Value>
  Value word(const char* name, std::optional<Value> (*value_of)(std::string_view)) const {
    const std::string told = text(name);
    const std::optional<Value> value = value_of(told);
    if (!value) {
      complain("\"" + told + "\" is no " + name);
    }
    return value.value_or(Value{});
  }
  /// The records in an array.
  std::vector<Record> records(const char* name) const;
  /// The records in an object, with their names.
  std::vector<std::pair<std::string, Record>> members(const char* name) const;

  void complain(std::string sentence) const;

 private:
  static constexpr double kMost = 9e15;  // ticks that a double still counts one by one

  double number(const char* name) const;
  /// The member if it `fits`, else null; then the problem is that it is not `what`.
  const oidc::Json& get(const char* name, bool (*fits)(const oidc::Json&), const char* what) const;

  const oidc::Json* value_;
  std::string* problem_;
};

}  // namespace conformance
