#include "places.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace mockserver {
namespace {

/// What stands for a name; an error for one that stands for nothing.
using Lookup = std::function<oidc::Result<std::string>(std::string_view name)>;

oidc::Error bad_place(std::string_view name, const std::string& why) {
  return {oidc::Errc::kBadInput, "${" + std::string{name} + "}: " + why};
}

bool is_word(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

oidc::Result<std::string> replaced(std::string_view text, const Lookup& lookup) {
  std::string result;
  while (true) {
    const auto begin = text.find("${");
    const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) {
      return result + std::string{text};
    }
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    if (!is_word(name)) {
      result += text.substr(0, begin + 2);
      text.remove_prefix(begin + 2);
      continue;
    }
    auto value = lookup(name);
    if (!value) {
      return value;
    }
    result.append(text.substr(0, begin)).append(*value);
    text.remove_prefix(end + 1);
  }
}

/// In all strings of `json`, in place.
oidc::Status replace_all(oidc::Json& json, const std::string& pointer, const Lookup& lookup) {
  if (json.is_string()) {
    auto text = replaced(json.get_ref<const std::string&>(), lookup);
    if (!text) {
      return oidc::Error{oidc::Errc::kBadInput, pointer + ": " + text.error().message};
    }
    json = *std::move(text);
    return oidc::Done{};
  }
  for (auto element = json.begin(); json.is_structured() && element != json.end(); ++element) {
    const std::string name = json.is_object() ? element.key() : std::to_string(element - json.begin());
    if (const auto done = replace_all(*element, pointer + "/" + name, lookup); !done) {
      return done;
    }
  }
  return oidc::Done{};
}

/// The lookup of an issuer.
struct Places {
  std::string issuer;
  std::string origin;
  std::optional<std::string> second_origin;

  oidc::Result<std::string> operator()(std::string_view name) const {
    if (name == "issuer") {
      return issuer;
    }
    if (name == "origin") {
      return origin;
    }
    if (name != "second_origin") {
      return bad_place(name, "there is no such placeholder, only issuer, origin and second_origin");
    }
    return second_origin ? oidc::Result<std::string>{*second_origin}
                         : bad_place(name, "this issuer has none (its configuration's second_origin)");
  }
};

}  // namespace

oidc::Status check_places(const oidc::Json& json, const std::string& pointer, bool has_second_origin) {
  oidc::Json copy = json;
  return replace_all(copy, pointer, Places{"", "", has_second_origin ? std::optional{std::string{}} : std::nullopt});
}

oidc::Result<oidc::Json> with_places(const World& world, const oidc::Json& json, const std::string& pointer) {
  const std::string& second = world.config.second_origin;
  const Places places{world.issuer_id, world.origin(), second.empty() ? std::nullopt : std::optional{second}};
  oidc::Json result = json;
  if (const auto done = replace_all(result, pointer, places); !done) {
    return done.error();
  }
  return result;
}

}  // namespace mockserver
