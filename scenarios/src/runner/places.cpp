#include "runner/places.hpp"

#include <array>
#include <utility>

namespace scenarios {
namespace {

std::string expanded_text(std::string text, const Places& places) {
  const std::array<std::pair<std::string_view, const std::string*>, 3> names{
      {{"${issuer}", &places.issuer}, {"${origin}", &places.origin}, {"${second_origin}", &places.second_origin}}};
  for (const auto& [name, value] : names) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value->size())) {
      text.replace(at, name.size(), *value);
    }
  }
  return text;
}

}  // namespace

oidc::Json expanded(const oidc::Json& json, const Places& places) {
  if (json.is_string()) {
    return expanded_text(json.get<std::string>(), places);
  }
  oidc::Json result = json;
  if (json.is_structured()) {
    for (oidc::Json& item : result) {
      item = expanded(item, places);
    }
  }
  return result;
}

Places places_in_general() {
  return {"https://issuer.test/op", "https://issuer.test", "https://elsewhere.test"};
}

}  // namespace scenarios
