#include "checks/matchers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>

#include "exchange_facts.hpp"
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
    const auto value = in_form ? parameter(exchange, name) : exchange.headers.get(name);
    if (value && exchange.seq != context.judged && --number == 0) {
      return value;
    }
  }
  return std::nullopt;
}

/// The text that is meant: what a fingerprint stands for, else what is shown.
std::optional<std::string> text_of(const Json& actual, const MatchContext& context) {
  if (!actual.is_string()) {
    return std::nullopt;
  }
  const auto& shown = actual.get_ref<const std::string&>();
  const auto value = context.reveal && shown.starts_with("fp:") ? context.reveal(shown) : std::nullopt;
  return value ? value : std::optional{shown};
}

/// The characters that a charset allows beside letters and digits; none for "any".
std::optional<std::string_view> charset_of(const std::string& name) {
  if (name == "unreserved") {
    return "-._~";  // RFC 3986 §2.3
  }
  return name == "base64url" ? std::optional<std::string_view>{"-_"} : std::nullopt;
}

bool is_of_charset(const std::string& text, const std::string& name) {
  const auto others = charset_of(name);
  return !others || std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others->find(c) != std::string_view::npos;
  });
}

bool is_shape_matcher(const Json& json) {
  return json.is_object() && !json.empty() && std::ranges::all_of(json.items(), [](const auto& item) {
           return item.key() == "min_length" || item.key() == "max_length" || item.key() == "charset";
         });
}

bool matches_shape(const Json& matcher, const std::string& text) {
  const std::size_t least = matcher.value("min_length", std::size_t{0});
  const std::size_t most = matcher.value("max_length", text.size());
  return text.size() >= least && text.size() <= most && is_of_charset(text, matcher.value("charset", "any"));
}

std::string describe_shape(const Json& matcher) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (matcher.contains("min_length")) {
    add("at least " + oidc::to_text(matcher["min_length"]) + " characters");
  }
  if (matcher.contains("max_length")) {
    add("at most " + oidc::to_text(matcher["max_length"]) + " characters");
  }
  if (matcher.contains("charset")) {
    add(matcher["charset"].get<std::string>() + " characters");
  }
  return text;
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
  if (is_matcher(matcher, "optional")) {
    return actual == nullptr || matches(matcher["optional"], actual, context);
  }
  if (actual == nullptr) {
    return false;
  }
  if (is_flag(matcher, "any")) {
    return true;
  }
  if (is_matcher(matcher, "re") && matcher["re"].is_string()) {
    const auto text = text_of(*actual, context);
    return text && std::regex_match(*text, make_pattern(matcher["re"].get<std::string>()));
  }
  if (is_matcher(matcher, "contains") && matcher["contains"].is_string()) {
    const auto text = text_of(*actual, context);
    return text && text->find(matcher["contains"].get_ref<const std::string&>()) != std::string::npos;
  }
  if (is_shape_matcher(matcher)) {
    const auto text = text_of(*actual, context);
    return text && matches_shape(matcher, *text);
  }
  if (is_matcher(matcher, "same_as") && matcher["same_as"].is_string()) {
    const auto other = field_of(matcher["same_as"].get<std::string>(), context);
    return other && actual->is_string() && actual->get_ref<const std::string&>() == *other;
  }
  if (is_matcher(matcher, "differs_from") && matcher["differs_from"].is_string()) {
    const auto other = field_of(matcher["differs_from"].get<std::string>(), context);
    return other && actual->is_string() && actual->get_ref<const std::string&>() != *other;
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

std::string missing_reference(const Json& matcher, const MatchContext& context) {
  if (is_matcher(matcher, "optional")) {
    return missing_reference(matcher["optional"], context);
  }
  for (const char* name : {"same_as", "differs_from"}) {
    if (is_matcher(matcher, name) && matcher[name].is_string()) {
      const auto reference = matcher[name].get<std::string>();
      return field_of(reference, context) ? "" : reference;
    }
  }
  return "";
}

std::string describe(const Json& matcher) {
  if (is_flag(matcher, "absent")) {
    return "absent";
  }
  if (is_matcher(matcher, "optional")) {
    return "absent, or " + describe(matcher["optional"]);
  }
  if (is_flag(matcher, "any")) {
    return "anything";
  }
  if (is_matcher(matcher, "re") && matcher["re"].is_string()) {
    return "/" + matcher["re"].get<std::string>() + "/";
  }
  if (is_matcher(matcher, "contains") && matcher["contains"].is_string()) {
    return "text with \"" + matcher["contains"].get<std::string>() + "\"";
  }
  if (is_shape_matcher(matcher)) {
    return describe_shape(matcher);
  }
  if (is_matcher(matcher, "differs_from") && matcher["differs_from"].is_string()) {
    return "other than " + matcher["differs_from"].get<std::string>();
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
