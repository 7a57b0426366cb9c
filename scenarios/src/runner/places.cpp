#include "runner/places.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace scenarios {
namespace {

struct Placeholder {
  std::string_view name;
  std::string Places::*value;
};
constexpr std::array kPlaceholders{Placeholder{"issuer", &Places::issuer}, Placeholder{"origin", &Places::origin},
                                   Placeholder{"second_origin", &Places::second_origin}};

std::string in_braces(std::string_view name) {
  return "${" + std::string{name} + "}";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string expanded_text(std::string text, const Places& places) {
  for (const Placeholder& one : kPlaceholders) {
    text = replaced(std::move(text), in_braces(one.name), places.*one.value);
  }
  return text;
}

/// `json` with `change` done to each of its strings.
template <class Change>
oidc::Json with_texts(const oidc::Json& json, const Change& change) {
  if (json.is_string()) {
    return change(json.get<std::string>());
  }
  oidc::Json result = json;
  if (json.is_structured()) {
    for (oidc::Json& item : result) {
      item = with_texts(item, change);
    }
  }
  return result;
}

bool is_word(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

oidc::Json expanded(const oidc::Json& json, const Places& places) {
  return with_texts(json, [&](std::string text) { return expanded_text(std::move(text), places); });
}

Places places_in_general() {
  return {"https://issuer.test/op", "https://issuer.test", "https://elsewhere.test"};
}

oidc::Json expanded_in_general(const oidc::Json& json) {
  const Places places = places_in_general();
  return with_texts(json, [&](std::string text) {
    for (const std::string& name : unknown_placeholders(text)) {
      text = replaced(std::move(text), in_braces(name), places.issuer);
    }
    return expanded_text(std::move(text), places);
  });
}

std::vector<std::string> placeholder_names() {
  std::vector<std::string> names;
  for (const Placeholder& one : kPlaceholders) {
    names.emplace_back(one.name);
  }
  return names;
}

std::vector<std::string> unknown_placeholders(std::string_view text) {
  std::vector<std::string> unknown;
  for (auto begin = text.find("${"); begin != std::string_view::npos; begin = text.find("${", begin + 2)) {
    const auto end = text.find('}', begin);
    const std::string_view name = end == std::string_view::npos ? "" : text.substr(begin + 2, end - begin - 2);
    if (is_word(name) && std::ranges::find(kPlaceholders, name, &Placeholder::name) == kPlaceholders.end()) {
      unknown.emplace_back(name);
    }
  }
  return unknown;
}

}  // namespace scenarios
