#include "loader/values.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <regex>
#include <string>

namespace scenarios {
namespace {

using oidc::Errc;
using oidc::Error;
using oidc::Json;

// A hundred years: more would overflow what clocks and tokens hold.
constexpr double kLongestSeconds = 3.2e9;

oidc::Result<oidc::Duration> to_duration(double seconds) {
  if (!(std::abs(seconds) <= kLongestSeconds)) {
    return Error{Errc::kBadInput, "this duration is longer than a hundred years"};
  }
  return oidc::Duration{std::llround(seconds * 1000)};
}

double unit_seconds(char unit) {
  switch (unit) {
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 1;
  }
}

double to_double(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

}  // namespace

oidc::Result<oidc::Duration> parse_duration(const Json& json) {
  if (json.is_number()) {
    return to_duration(json.get<double>());
  }
  static const std::regex kForm{"(-?[0-9]{1,12}(?:\\.[0-9]{1,3})?)([smhd])"};
  std::smatch match;
  if (json.is_string()) {
    const auto text = json.get<std::string>();
    if (std::regex_match(text, match, kForm)) {
      return to_duration(to_double(match[1]) * unit_seconds(match[2].str().front()));
    }
  }
  return Error{Errc::kBadInput, "not a duration: " + oidc::to_text(json) +
                                    " (expected seconds, or text like \"90s\", \"15m\", \"2h\", \"1d\")"};
}

oidc::Result<Bounds> parse_bounds(const Json& json) {
  if (json.is_number()) {
    const auto exact = json.get<double>();
    return Bounds{exact, exact};
  }
  static const std::regex kForm{"(>=|<=)?([0-9]{1,12}(?:\\.[0-9]+)?)(?:\\.\\.([0-9]{1,12}(?:\\.[0-9]+)?))?"};
  std::smatch match;
  const std::string text = json.is_string() ? json.get<std::string>() : "";
  if (!std::regex_match(text, match, kForm) || (match[1].matched && match[3].matched)) {
    return Error{Errc::kBadInput,
                 "not a bound: " + oidc::to_text(json) + " (expected 5, \">=5\", \"<=5\" or \"5..6\")"};
  }
  const double first = to_double(match[2]);
  const double last = match[3].matched ? to_double(match[3]) : first;
  if (last < first) {
    return Error{Errc::kBadInput, "the bound " + oidc::to_text(json) + " holds for nothing"};
  }
  if (match[1] == ">=") {
    return Bounds{first, std::nullopt};
  }
  if (match[1] == "<=") {
    return Bounds{std::nullopt, first};
  }
  return Bounds{first, last};
}

bool Bounds::contains(double value) const {
  return (!min || value >= *min) && (!max || value <= *max);
}

std::string number_text(double number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.12g", number);
  return text.data();
}

std::string seconds_text(oidc::Duration duration) {
  return number_text(static_cast<double>(duration.count()) / 1000);
}

std::string to_string(const Bounds& bounds) {
  if (bounds.min && bounds.max) {
    return *bounds.min == *bounds.max ? number_text(*bounds.min)
                                      : number_text(*bounds.min) + ".." + number_text(*bounds.max);
  }
  return bounds.min ? ">=" + number_text(*bounds.min) : "<=" + number_text(bounds.max.value_or(0));
}

bool is_lineage_name(std::string_view text) {
  static const std::regex kForm{"(at|rt|id|code|dc|uc|secret)#[1-9][0-9]*"};
  return std::regex_match(text.begin(), text.end(), kForm);
}

const oidc::Json& member(const oidc::Json& object, std::string_view name) {
  static const oidc::Json kNothing;
  if (!object.is_object()) {
    return kNothing;
  }
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::vector<std::string> strings_of(const oidc::Json& array) {
  std::vector<std::string> result;
  for (const oidc::Json& item : array.is_array() ? array : oidc::Json::array()) {
    if (item.is_string()) {
      result.push_back(item.get<std::string>());
    }
  }
  return result;
}

}  // namespace scenarios
