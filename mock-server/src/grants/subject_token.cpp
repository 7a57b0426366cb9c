#include "grants/subject_token.hpp"

#include <algorithm>
#include <vector>

#include "form_request.hpp"
#include "login.hpp"
#include "oidc/jwk.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kTypePrefix = "urn:ietf:params:oauth:token-type:";

oidc::Json object_claim(const oidc::Json& claims, const char* name) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_object() ? *found : oidc::Json{};
}

oidc::Json claims_of(const std::string& token) {
  auto jwt = read_jwt(token);
  return jwt ? std::move(jwt->claims) : oidc::Json::object();
}

Subject from_grant(const World& world, const Grant& grant, const Scopes& scopes, const std::string& name) {
  Subject subject;
  subject.sub = grant.sub;
  subject.issuer = world.issuer_id;
  subject.of_user = grant.of_user;
  subject.auth_time = grant.auth_time;
  subject.scopes = scopes;
  subject.name = name;
  subject.actor = grant.actor;
  return subject;
}

Subject from_claims(const ReceivedJwt& jwt, oidc::TimePoint now) {
  Subject subject;
  subject.sub = jwt.claim("sub");
  subject.issuer = jwt.claim("iss");
  subject.auth_time = time_claim(jwt.claims, "auth_time").value_or(now);
  subject.actor = object_claim(jwt.claims, "act");
  subject.claims = jwt.claims;
  return subject;
}

std::vector<oidc::Jwk> own_keys(const World& world) {
  std::vector<oidc::Jwk> keys;
  const auto jwks = oidc::parse_json(world.keys.jwks()->text);
  for (const auto& json : jwks && jwks->contains("keys") ? (*jwks)["keys"] : oidc::Json::array()) {
    if (auto key = oidc::parse_jwk(json)) {
      keys.push_back(*std::move(key));
    }
  }
  return keys;
}

/// An access token's life is the store's to know, whatever its signature says.
bool is_own_id_token(const World& world, const ReceivedJwt& jwt) {
  return jwt.claim("iss") == world.issuer_id && oidc::string_member(jwt.header, "typ") != "at+jwt" &&
         is_signed_by_one_of(own_keys(world), jwt);
}

bool is_current(const oidc::Json& claims, oidc::TimePoint now) {
  const auto expires_at = time_claim(claims, "exp");
  const auto not_before = time_claim(claims, "nbf");
  return expires_at && now < *expires_at && (!not_before || *not_before <= now);
}

std::optional<Subject> find_access(const Call& call, const std::string& token) {
  const auto live = call.world.tokens.find_access(token, call.now);
  if (!live) {
    return std::nullopt;
  }
  Subject subject = from_grant(call.world, live->grant, live->token.scopes, live->token.name);
  subject.claims = claims_of(token);
  return subject;
}

std::optional<Subject> find_refresh(const Call& call, const std::string& token) {
  const auto live = call.world.tokens.find_refresh(token, call.now);
  const bool own = live && live->grant.client == call.client->id;
  return own ? std::optional{from_grant(call.world, live->grant, live->grant.scopes, live->token.name)} : std::nullopt;
}

std::optional<Subject> find_jwt(const Call& call, const std::string& token, bool may_be_own) {
  const auto jwt = read_jwt(token);
  if (!jwt || jwt->claim("sub").empty() || !is_current(jwt->claims, call.now)) {
    return std::nullopt;
  }
  if (trusted_signer(call.world.config, *jwt) == nullptr && !(may_be_own && is_own_id_token(call.world, *jwt))) {
    return std::nullopt;
  }
  Subject subject = from_claims(*jwt, call.now);
  if (const auto own = read_id_token(call.world, token)) {
    subject.sub = own->sub;
  }
  subject.name = call.world.ledger.name_of(token).value_or("");
  return subject;
}

}  // namespace

const TrustedIssuer* trusted_signer(const IssuerConfig& config, const ReceivedJwt& jwt) {
  const auto found = std::ranges::find(config.trusted_issuers, jwt.claim("iss"), &TrustedIssuer::issuer);
  return found != config.trusted_issuers.end() && is_signed_by_one_of(found->keys, jwt) ? &*found : nullptr;
}

oidc::Result<Subject> read_subject(const Call& call, const std::string& role) {
  const auto token = require(call, role + "_token");
  if (!token) {
    return token.error();
  }
  const auto identifier = require(call, role + "_token_type");
  if (!identifier) {
    return identifier.error();
  }
  const std::string type = identifier->starts_with(kTypePrefix) ? identifier->substr(kTypePrefix.size()) : "";
  const bool is_access = type == "access_token";
  const bool is_jwt = type == "jwt";
  if (!is_access && !is_jwt && type != "id_token" && type != "refresh_token") {
    return refusal("invalid_request", role + "_token_type is not supported");
  }
  auto subject = is_access || is_jwt ? find_access(call, *token) : std::nullopt;
  if (!subject && type == "refresh_token") {
    subject = find_refresh(call, *token);
  } else if (!subject) {
    subject = find_jwt(call, *token, !is_access);
  }
  if (!subject) {
    return refusal("invalid_request", "the " + role + "_token is unknown, expired, revoked or of nobody trusted");
  }
  return *std::move(subject);
}

}  // namespace mockserver
