#include "token_claims.hpp"

#include "claim_scopes.hpp"
#include "claim_templates.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

oidc::Json object_or_empty(const oidc::Json& json) {
  return json.is_object() ? json : oidc::Json::object();
}

/// Those of a user's claims that one of the scopes asks for (OIDC Core section 5.4), and those that no scope does.
oidc::Json released_by(const Scopes& scopes, const oidc::Json& claims) {
  oidc::Json released = oidc::Json::object();
  for (const auto& [name, value] : claims.items()) {
    const std::string_view scope = scope_of_claim(name);
    if (scope.empty() || has_scope(scopes, scope)) {
      released[name] = value;
    }
  }
  return released;
}

/// How the user was authenticated: as the grant knows it, else as the user always is.
void add_authentication(const Grant& grant, const UserConfig* user, oidc::Json& claims) {
  claims["auth_time"] = oidc::epoch_seconds(grant.auth_time).count();
  const std::string& acr = grant.acr.empty() && user != nullptr ? user->acr : grant.acr;
  if (!acr.empty()) {
    claims["acr"] = acr;
  }
  const auto& amr = grant.amr.empty() && user != nullptr ? user->amr : grant.amr;
  if (!amr.empty()) {
    claims["amr"] = amr;
  }
}

/// The host that the client redirects to; its id if it redirects nowhere.
std::string sector_of(const ClientConfig& client) {
  const auto url = client.redirect_uris.empty() ? oidc::Result<oidc::Url>{oidc::Error{}}
                                                : oidc::parse_url(client.redirect_uris.front());
  return url ? url->host : client.id;
}

}  // namespace

std::string subject_of(const World& world, const ClientConfig* client, const Grant& grant) {
  if (client == nullptr || !client->pairwise || !grant.of_user) {
    return grant.sub;
  }
  // As the first of the examples in section 8.1, salted with what is this issuer's own.
  const std::string salt = std::to_string(world.config.seed) + world.base_path;
  return oidc::base64url_encode(oidc::sha256(sector_of(*client) + "\n" + grant.sub + "\n" + salt));
}

std::string user_of(const World& world, const ClientConfig* client, const std::string& subject) {
  if (client == nullptr || !client->pairwise) {
    return subject;
  }
  for (const UserPtr& user : world.registry.users()) {
    if (subject_of(world, client, Grant{client->id, user->sub, {}, "", {}}) == subject) {
      return user->sub;
    }
  }
  return subject;
}

const oidc::Json& audience_of(const World& world, const ClientConfig* client, const Grant& grant) {
  return grant.audience.is_null() ? audience_of(world.config, client) : grant.audience;
}

oidc::Json access_claims(World& world, const ClientConfig* client, const Grant& grant, const Scopes& scopes,
                         oidc::TimePoint now) {
  const auto iat = oidc::epoch_seconds(now);
  const UserPtr user = grant.of_user ? world.registry.user(grant.sub) : nullptr;
  oidc::Json claims = user != nullptr ? object_or_empty(user->access_claims) : oidc::Json::object();
  add_templates(world, world.config.claims.access, grant, now, claims);
  claims["iss"] = world.issuer_id;
  claims["sub"] = subject_of(world, client, grant);
  claims["aud"] = audience_of(world, client, grant);
  claims["client_id"] = grant.client;
  claims["iat"] = iat.count();
  claims["exp"] = (iat + lifetimes_of(world.config, client).access).count();
  claims["jti"] = world.random.token(16);
  if (!scopes.empty()) {
    claims["scope"] = to_text(scopes);
  }
  if (grant.of_user) {
    add_authentication(grant, user.get(), claims);
  }
  if (!grant.dpop_jkt.empty()) {
    claims["cnf"] = {{"jkt", grant.dpop_jkt}};
  }
  if (!grant.actor.is_null()) {
    claims["act"] = grant.actor;
  }
  return claims;
}

oidc::Json id_claims(World& world, const ClientConfig* client, const Grant& grant, oidc::TimePoint now) {
  const auto iat = oidc::epoch_seconds(now);
  const UserPtr user = world.registry.user(grant.sub);
  oidc::Json claims = user != nullptr ? object_or_empty(user->claims) : oidc::Json::object();
  add_templates(world, world.config.claims.id, grant, now, claims);
  claims["iss"] = world.issuer_id;
  claims["sub"] = subject_of(world, client, grant);
  claims["aud"] = grant.client;
  claims["iat"] = iat.count();
  claims["exp"] = (iat + lifetimes_of(world.config, client).id).count();
  claims["jti"] = world.random.token(16);
  add_authentication(grant, user.get(), claims);
  return claims;
}

oidc::Json userinfo_claims(World& world, const ClientConfig* client, const Grant& grant, const Scopes& scopes,
                           oidc::TimePoint now) {
  const UserPtr user = world.registry.user(grant.sub);
  oidc::Json claims = user != nullptr ? released_by(scopes, object_or_empty(user->claims)) : oidc::Json::object();
  add_templates(world, world.config.claims.userinfo, grant, now, claims);
  claims["sub"] = subject_of(world, client, grant);
  return claims;
}

}  // namespace mockserver
