#include "api_key/key_config.hpp"

#include <algorithm>

#include "api_key/key_authenticator.hpp"

namespace authcore {

namespace {

oidc::Error config_error(const std::string& key, const std::string& why) {
  return {oidc::Errc::kConfig, key + ": " + why};
}

}  // namespace

oidc::Result<std::string> read_config_string(const oidc::Json& config, const std::string& key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) {
    return std::string{};
  }
  if (!found->is_string()) {
    return config_error(key, "expected a string");
  }
  return found->get<std::string>();
}

oidc::Result<std::optional<Credential>> read_configured_key(const oidc::Json& config, CredentialKind kind) {
  const auto key = read_config_string(config, "api_key");
  if (!key) {
    return key.error();
  }
  const auto prefix = read_config_string(config, "bearer_token_prefix");
  if (!prefix) {
    return prefix.error();
  }
  for (const auto& [name, value] : {std::pair{"api_key", *key}, std::pair{"bearer_token_prefix", *prefix}}) {
    if (!value.empty() && !is_header_token(value)) {
      return config_error(name, "expected visible ASCII characters without spaces");
    }
  }
  if (key->empty()) {
    return std::optional<Credential>{};
  }
  oidc::Json object = {{kind == CredentialKind::kPlanetLegacy ? "key" : "api_key", *key}};
  if (kind == CredentialKind::kApiKey) {
    object["bearer_token_prefix"] = prefix->empty() ? "Bearer" : *prefix;
  }
  auto credential = Credential::from_json(kind, object, {});
  if (!credential) {
    return std::move(credential).error();
  }
  return std::optional{*std::move(credential)};
}

std::vector<std::string> keys_beside(const oidc::Json& config, const std::vector<std::string>& known) {
  std::vector<std::string> others;
  for (const auto& [key, value] : config.items()) {
    if (key != "client_type" && std::find(known.begin(), known.end(), key) == known.end()) {
      others.push_back(key);
    }
  }
  return others;
}

}  // namespace authcore
