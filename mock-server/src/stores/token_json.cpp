// The grants and their tokens, whose keys are digests.

#include <utility>

#include "oidc/base64url.hpp"
#include "stores/state_json.hpp"

namespace mockserver {
namespace {

using oidc::Json;

std::vector<std::string> strings_from(const Json& json) {
  return json.get<std::vector<std::string>>();
}

/// A digest as text; "" stays "".
Json key_to_json(const std::string& key) {
  return oidc::base64url_encode(key);
}
std::string key_from(const Json& json) {
  return oidc::base64url_decode(json.get<std::string>()).value();
}

Json grant_to_json(const Grant& grant) {
  return {{"client", grant.client},
          {"sub", grant.sub},
          {"scopes", grant.scopes},
          {"nonce", grant.nonce},
          {"auth_time", time_to_json(grant.auth_time)},
          {"of_user", grant.of_user},
          {"acr", grant.acr},
          {"amr", grant.amr},
          {"audience", grant.audience},
          {"dpop_jkt", grant.dpop_jkt},
          {"actor", grant.actor},
          {"parameters", grant.parameters}};
}

Grant grant_from(const Json& json) {
  Grant grant;
  grant.client = json.at("client");
  grant.sub = json.at("sub");
  grant.scopes = strings_from(json.at("scopes"));
  grant.nonce = json.at("nonce");
  grant.auth_time = time_from(json.at("auth_time"));
  grant.of_user = json.at("of_user");
  grant.acr = json.at("acr");
  grant.amr = strings_from(json.at("amr"));
  grant.audience = json.at("audience");
  grant.dpop_jkt = json.at("dpop_jkt");
  grant.actor = json.at("actor");
  grant.parameters = json.at("parameters");
  return grant;
}

Json access_to_json(const AccessToken& token) {
  return {{"grant", token.grant},
          {"name", token.name},
          {"scopes", token.scopes},
          {"jti", token.jti},
          {"issued_at", time_to_json(token.issued_at)},
          {"expires_at", time_to_json(token.expires_at)},
          {"audience", token.audience},
          {"dpop_jkt", token.dpop_jkt}};
}

AccessToken access_from(const Json& json) {
  AccessToken token;
  token.grant = json.at("grant");
  token.name = json.at("name");
  token.scopes = strings_from(json.at("scopes"));
  token.jti = json.at("jti");
  token.issued_at = time_from(json.at("issued_at"));
  token.expires_at = time_from(json.at("expires_at"));
  token.audience = json.at("audience");
  token.dpop_jkt = json.at("dpop_jkt");
  return token;
}

Json refresh_to_json(const RefreshToken& token) {
  return {{"grant", token.grant},
          {"name", token.name},
          {"issued_at", time_to_json(token.issued_at)},
          {"expires_at", time_to_json(token.expires_at)}};
}

RefreshToken refresh_from(const Json& json) {
  RefreshToken token;
  token.grant = json.at("grant");
  token.name = json.at("name");
  token.issued_at = time_from(json.at("issued_at"));
  token.expires_at = optional_time_from(json.at("expires_at"));
  return token;
}

}  // namespace

Json to_json(const TokenStore::State& state) {
  Json grants = Json::array();
  for (const auto& [id, entry] : state.grants) {
    grants.push_back(
        {{"id", id}, {"parent", entry.parent}, {"revoked", entry.revoked}, {"grant", grant_to_json(entry.grant)}});
  }
  Json access = Json::array();
  for (const auto& [key, entry] : state.access) {
    access.push_back({{"key", key_to_json(key)},
                      {"revoked", entry.revoked},
                      {"order", entry.order},
                      {"token", access_to_json(entry.token)}});
  }
  Json refresh = Json::array();
  for (const auto& [key, entry] : state.refresh) {
    refresh.push_back({{"key", key_to_json(key)},
                       {"predecessor", key_to_json(entry.predecessor)},
                       {"used_at", time_to_json(entry.used_at)},
                       {"grace_until", time_to_json(entry.grace_until)},
                       {"heir", key_to_json(entry.heir)},
                       {"order", entry.order},
                       {"token", refresh_to_json(entry.token)}});
  }
  Json service = Json::array();
  for (const std::string& key : state.service_tokens) {
    service.push_back(key_to_json(key));
  }
  return {{"grants", std::move(grants)},
          {"access", std::move(access)},
          {"refresh", std::move(refresh)},
          {"service_tokens", std::move(service)}};
}

TokenStore::State tokens_from(const Json& json) {
  TokenStore::State state;
  for (const Json& entry : json.at("grants")) {
    state.grants.emplace(
        entry.at("id").get<GrantId>(),
        TokenStore::GrantState{grant_from(entry.at("grant")), entry.at("parent"), entry.at("revoked")});
  }
  for (const Json& entry : json.at("access")) {
    state.access.emplace(key_from(entry.at("key")), TokenStore::AccessState{access_from(entry.at("token")),
                                                                            entry.at("revoked"), entry.at("order")});
  }
  for (const Json& entry : json.at("refresh")) {
    TokenStore::RefreshState refresh;
    refresh.token = refresh_from(entry.at("token"));
    refresh.predecessor = key_from(entry.at("predecessor"));
    refresh.used_at = optional_time_from(entry.at("used_at"));
    refresh.grace_until = optional_time_from(entry.at("grace_until"));
    refresh.heir = key_from(entry.at("heir"));
    refresh.order = entry.at("order");
    state.refresh.emplace(key_from(entry.at("key")), std::move(refresh));
  }
  for (const Json& key : json.at("service_tokens")) {
    state.service_tokens.push_back(key_from(key));
  }
  return state;
}

}  // namespace mockserver
