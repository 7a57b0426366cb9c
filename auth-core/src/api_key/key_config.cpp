#include "api_key/key_config.hpp"

#include <string>
#include <utility>

#include "client/config_reader.hpp"
#include "http/header_token.hpp"

namespace authcore {

oidc::Result<std::optional<Credential>> read_configured_key(const oidc::Json& config, CredentialKind kind) {
  const auto key = read_string(config, "api_key");
  if (!key) {
    return key.error();
  }
  const auto prefix = read_string(config, "bearer_token_prefix");
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

}  // namespace authcore
