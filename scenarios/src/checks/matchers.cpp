#include "checks/matchers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>

#include "pattern.hpp"

namespace scenarios {
namespace {

using oidc::Json;

bool is_matcher(const Json& json, const char* name) {
  return json.is_object() && json.size() == 1 && json.begin().key() == name;
}

bool is_flag(const Json& json, const char* name) {
  return is_matcher(json, name) && json.begin().value() == true;
}

/// The field that "1.form.redirect_uri" names.
std::optional<std::string> field_of(const std::string& reference, const MatchContext& context) {
  const auto first = reference.find('.');
  const auto second = reference.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) {
    return std::nullopt;
  }
  std::size_t number = 0;
  std::from_chars(reference.data(), reference.data() + first, number);
  const bool in_form = reference.substr(first + 1, second - first - 1) == "form";
  const std::string name = reference.substr(second + 1);
  for (const auto& exchange : context.exchanges) {
    const auto value = in_form ? exchange.form.get(name) : exchange.headers.get(name);
    if (value && exchange.seq != context.judged && --number == 0) {
      return value;
    }
  }
  return std::nullopt;
}

bool matches_object(const Json& matcher, const Json& actual, const MatchContext& context) {
  if (!actual.is_object()) {
    return false;
  }
  return std::ranges::all_of(matcher.items(), [&](const auto& item) {
    const auto found = actual.find(item.key());
    return matches(item.value(), found == actual.end() ? nullptr : &*found, context);
  });
}

bool matches_array(const Json& matcher, const Json& actual, const MatchContext& context) {
  if (!actual.is_array() || actual.size() != matcher.size()) {
    return false;
  }
  for (std::size_t i = 0; i < matcher.size(); ++i) {
    if (!matches(matcher[i], &actual[i], context)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool matches(const Json& matcher, const Json* actual, const MatchContext& context) {
  if (is_flag(matcher, "absent")) {
    return actual == nullptr;
  }
  if (actual == nullptr) {
    return false;
  }
  if (is_flag(matcher, "any")) {
    return true;
  }
  if (is_matcher(matcher, "re") && matcher["re"].is_string()) {
    const std::regex form = make_pattern(matcher["re"].get<std::string>());
    return actual->is_string() && std::regex_search(actual->get_ref<const std::string&>(), form);
  }
  if (is_matcher(matcher, "same_as") && matcher["same_as"].is_string()) {
    const auto other = field_of(matcher["same_as"].get<std::string>(), context);
    return other && actual->is_string() && actual->get_ref<const std::string&>() == *other;
  }
  if (matcher.is_object()) {
    return matches_object(matcher, *actual, context);
  }
  return matcher.is_array() ? matches_array(matcher, *actual, context) : matcher == *actual;
}

bool matches_text(const Json& matcher, const std::string* actual, const MatchContext& context) {
  const Json text = actual == nullptr ? Json{} : Json(*actual);
  const bool as_text = matcher.is_number() || matcher.is_boolean();
  return matches(as_text ? Json(oidc::to_text(matcher)) : matcher, actual == nullptr ? nullptr : &text, context);
}

std::string describe(const Json& matcher) {
  if (is_flag(matcher, "absent")) {
    return "absent";
  }
  if (is_flag(matcher, "any")) {
    return "anything";
  }
  if (is_matcher(matcher, "re") && matcher["re"].is_string()) {
    return "/" + matcher["re"].get<std::string>() + "/";
  }
  if (is_matcher(matcher, "same_as") && matcher["same_as"].is_string()) {
    return "the same as " + matcher["same_as"].get<std::string>();
  }
  if (matcher.is_object()) {
    std::string text;
    for (const auto& [name, value] : matcher.items()) {
      text += (text.empty() ? "" : ", ") + name + ": " + describe(value);
    }
    return "{" + text + "}";
  }
  return matcher.is_string() ? matcher.get<std::string>() : oidc::to_text(matcher);
}

}  // namespace scenarios
