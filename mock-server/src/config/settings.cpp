#include "mockserver/config.hpp"

#include <algorithm>

namespace mockserver {

const Lifetimes& lifetimes_of(const IssuerConfig& issuer, const ClientConfig* client) {
  return client != nullptr && client->lifetimes ? *client->lifetimes : issuer.lifetimes;
}

AccessTokenFormat access_token_of(const IssuerConfig& issuer, const ClientConfig* client) {
  return client != nullptr ? client->access_token.value_or(issuer.access_token) : issuer.access_token;
}

RefreshPolicy refresh_of(const IssuerConfig& issuer, const ClientConfig* client) {
  return client != nullptr ? client->refresh.value_or(issuer.refresh) : issuer.refresh;
}

const oidc::Json& audience_of(const IssuerConfig& issuer, const ClientConfig* client) {
  return client != nullptr && !client->audience.is_null() ? client->audience : issuer.audience;
}

const oidc::Jwk* encryption_key_of(const ClientConfig& client) {
  const auto found = std::ranges::find_if(
      client.keys, [](const oidc::Jwk& key) { return key.kty == "RSA" && (key.use.empty() || key.use == "enc"); });
  return found == client.keys.end() ? nullptr : &*found;
}

const std::string& id_token_alg_of(const IssuerConfig& issuer, const ClientConfig* client) {
  return client != nullptr && !client->id_token_alg.empty() ? client->id_token_alg : issuer.signing_alg;
}

}  // namespace mockserver
