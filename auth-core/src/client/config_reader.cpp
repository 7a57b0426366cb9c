#include "client/config_reader.hpp"

#include <algorithm>
#include <array>

#include "oidc/schema.hpp"

namespace authcore {

oidc::Error config_error(std::string_view key, std::string_view why) {
  return {oidc::Errc::kConfig, std::string{key} + ": " + std::string{why}};
}

const oidc::Json* find_key(const oidc::Json& config, std::string_view key) {
  const auto found = config.find(key);
  return found == config.end() || found->is_null() ? nullptr : &*found;
}

bool has_key(const oidc::Json& config, std::string_view key) {
  const oidc::Json* value = find_key(config, key);
  return value != nullptr && *value != oidc::Json("");
}

oidc::Result<std::string> read_string(const oidc::Json& config, std::string_view key) {
  const oidc::Json* value = find_key(config, key);
  if (value == nullptr) {
    return std::string{};
  }
  if (!value->is_string()) {
    return config_error(key, "expected a string");
  }
  return value->get<std::string>();
}

oidc::Status read_list(const oidc::Json& config, std::string_view key, std::vector<std::string>& out) {
  const oidc::Json* value = find_key(config, key);
  if (value == nullptr) {
    return oidc::Done{};
  }
  const auto is_string = [](const oidc::Json& element) { return element.is_string(); };
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_string)) {
    return config_error(key, "expected a list of strings");
  }
  out = value->get<std::vector<std::string>>();
  return oidc::Done{};
}

oidc::Status require_key(const oidc::Json& config, std::string_view alternatives,
                         const std::vector<std::string>& unknown) {
  std::string names;
  std::string hint;
  while (!alternatives.empty()) {
    const std::size_t end = std::min(alternatives.find('|'), alternatives.size());
    const std::string key{alternatives.substr(0, end)};
    alternatives.remove_prefix(std::min(end + 1, alternatives.size()));
    if (has_key(config, key)) {
      return oidc::Done{};
    }
    names += (names.empty() ? "" : " or ") + key;
    for (const std::string& slip : unknown) {
      if (oidc::nearest_name(slip, {key}) == key) {
        hint = "; did you mean it by \"" + slip + "\"?";
      }
    }
  }
  return config_error(names, "this key is required" + hint);
}

std::vector<std::string> keys_except(const oidc::Json& config, const std::vector<std::string>& known) {
  static constexpr std::array kOfAllTypes{"client_type", "user_agent", "planet_app"};
  std::vector<std::string> unknown;
  for (const auto& [key, value] : config.items()) {
    const bool is_of_all_types = std::find(kOfAllTypes.begin(), kOfAllTypes.end(), key) != kOfAllTypes.end();
    if (!is_of_all_types && std::find(known.begin(), known.end(), key) == known.end()) {
      unknown.push_back(key);
    }
  }
  return unknown;
}

}  // namespace authcore
