#include "issue.hpp"

#include <openssl/sha.h>

#include <algorithm>

#include "jose/jws.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

/// Left half of the token's hash (OIDC Core section 3.1.3.6), by the hash of the signature; Ed25519 has SHA-512
/// (RFC 8032 section 5.1), the others SHA-256.
std::string at_hash(std::string_view alg, std::string_view access_token) {
  if (alg != "EdDSA") {
    return oidc::base64url_encode(oidc::sha256(access_token).substr(0, 16));
  }
  std::string digest(SHA512_DIGEST_LENGTH, '\0');
  SHA512(reinterpret_cast<const unsigned char*>(access_token.data()), access_token.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return oidc::base64url_encode(digest.substr(0, SHA512_DIGEST_LENGTH / 2));
}

bool may_refresh(const World& world, const Grant& grant) {
  const ClientPtr client = world.registry.client(grant.client);
  return client != nullptr && has_scope(client->grants, "refresh_token");
}

std::string issue_access(World& world, const IssueOrder& order, const TokenChanges& changes) {
  AccessToken record;
  record.grant = order.grant_id;
  record.scopes = order.scopes;
  record.issued_at = order.now;
  // As the token says it: whole seconds.
  record.expires_at = oidc::TimePoint{oidc::epoch_seconds(order.now) + world.config.lifetimes.access};
  std::string value;
  if (world.config.access_token == AccessTokenFormat::kOpaque) {
    value = world.random.token();
  } else {
    oidc::Json claims = access_claims(world, order.grant, order.scopes, order.now);
    record.jti = claims["jti"].get<std::string>();
    claims.merge_patch(changes.access_claims);
    value = make_jwt(world, kAccessTyp, claims, changes.access_header, changes.sign);
  }
  record.name = world.ledger.record("at", value, order.parent, order.now);
  if (const auto forgotten = world.tokens.add(value, std::move(record))) {
    world.ledger.forget(*forgotten);
  }
  return value;
}

std::string issue_refresh(World& world, const IssueOrder& order) {
  std::string value = world.random.token();
  RefreshToken record{order.grant_id, world.ledger.record("rt", value, order.parent, order.now), order.now, {}};
  record.predecessor = order.presented_refresh;
  if (world.config.lifetimes.refresh) {
    record.expires_at = order.now + *world.config.lifetimes.refresh;
  }
  world.tokens.add(value, std::move(record));
  return value;
}

std::string issue_id(World& world, const IssueOrder& order, std::string_view access_token,
                     const TokenChanges& changes) {
  // Only the ID token of the login itself carries its nonce (OIDC Core section 12.2).
  const bool from_login = !order.parent.starts_with("rt#");
  oidc::Json claims = id_claims(world, order.grant, access_token, from_login, order.now);
  claims.merge_patch(changes.id_claims);
  std::string value = make_jwt(world, kIdTyp, claims, changes.id_header, changes.sign);
  world.ledger.record("id", value, order.parent, order.now);
  return value;
}

}  // namespace

oidc::Json access_claims(World& world, const Grant& grant, const Scopes& scopes, oidc::TimePoint now) {
  const auto iat = oidc::epoch_seconds(now);
  oidc::Json claims = {{"iss", world.issuer_id},       {"sub", grant.sub},
                       {"aud", world.config.audience}, {"client_id", grant.client},
                       {"iat", iat.count()},           {"exp", (iat + world.config.lifetimes.access).count()},
                       {"jti", world.random.token(16)}};
  if (!scopes.empty()) {
    claims["scope"] = to_text(scopes);
  }
  if (grant.of_user) {
    claims["auth_time"] = oidc::epoch_seconds(grant.auth_time).count();
  }
  return claims;
}

oidc::Json id_claims(World& world, const Grant& grant, std::string_view access_token, bool with_nonce,
                     oidc::TimePoint now) {
  const auto iat = oidc::epoch_seconds(now);
  const UserPtr user = world.registry.user(grant.sub);
  oidc::Json claims = user != nullptr && user->claims.is_object() ? user->claims : oidc::Json::object();
  claims["iss"] = world.issuer_id;
  claims["sub"] = grant.sub;
  claims["aud"] = grant.client;
  claims["iat"] = iat.count();
  claims["exp"] = (iat + world.config.lifetimes.id).count();
  claims["auth_time"] = oidc::epoch_seconds(grant.auth_time).count();
  claims["jti"] = world.random.token(16);
  if (with_nonce && !grant.nonce.empty()) {
    claims["nonce"] = grant.nonce;
  }
  if (!access_token.empty()) {
    claims["at_hash"] = at_hash(world.config.signing_alg, access_token);
  }
  return claims;
}

std::string make_jwt(World& world, std::string_view typ, const oidc::Json& claims, const oidc::Json& header_patch,
                     std::string_view sign) {
  const Signature signature = signature_of(sign);
  const SigningKeyPtr key = world.keys.active();
  if (signature == Signature::kActive && header_patch.empty()) {
    return sign_jwt(*key, typ, claims);
  }
  const SigningKeyPtr stranger = signature == Signature::kUnpublished ? world.keys.unpublished() : key;
  return forge_jwt(*key, *stranger, signature, typ, header_patch, claims);
}

oidc::Json issue_tokens(World& world, const IssueOrder& order, const TokenChanges& changes) {
  const std::string access_token = issue_access(world, order, changes);
  oidc::Json reply = {{"access_token", access_token}, {"token_type", "Bearer"}};
  if (!world.config.omit_expires_in) {
    reply["expires_in"] = world.config.lifetimes.access.count();
  }
  if (!order.scopes.empty()) {
    reply["scope"] = to_text(order.scopes);
  }
  if (order.same_refresh) {
    reply["refresh_token"] = order.presented_refresh;
  } else if (has_scope(order.grant.scopes, "offline_access") && may_refresh(world, order.grant)) {
    reply["refresh_token"] = issue_refresh(world, order);
  }
  if (has_scope(order.scopes, "openid")) {
    reply["id_token"] = issue_id(world, order, access_token, changes);
  }
  return reply;
}

}  // namespace mockserver
