#include "issue.hpp"

#include <algorithm>

#include "jose/encryption.hpp"
#include "jose/forgery.hpp"
#include "resource_servers.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kOfflineAccess = "offline_access";

/// What all tokens of one response have in common.
struct Issuing {
  World& world;
  const ClientConfig* client;  ///< null if it is not registered
  const IssueOrder& order;
  const TokenChanges& changes;
};

bool may_refresh(const Issuing& issuing) {
  if (!has_scope(issuing.order.grant.scopes, kOfflineAccess)) {
    return false;
  }
  return issuing.client == nullptr ? issuing.world.config.lenient.any_client
                                   : has_scope(issuing.client->grants, "refresh_token");
}

std::string issue_access(const Issuing& issuing) {
  const auto& [world, client, order, changes] = issuing;
  AccessToken record;
  record.grant = order.grant_id;
  record.scopes = order.scopes;
  record.issued_at = order.now;
  // As the token says it: whole seconds.
  record.expires_at = oidc::TimePoint{oidc::epoch_seconds(order.now) + lifetimes_of(world.config, client).access};
  record.dpop_jkt = order.grant.dpop_jkt;
  std::string value;
  if (access_token_of(world.config, client) == AccessTokenFormat::kOpaque) {
    value = world.random.token();
    record.audience = audience_of(world, client, order.grant);
  } else {
    oidc::Json claims = access_claims(world, client, order.grant, order.scopes, order.now);
    record.jti = claims["jti"].get<std::string>();
    record.audience = claims["aud"];
    if (!changes.access_claims.empty()) {
      claims.merge_patch(changes.access_claims);
    }
    value = make_jwt(world, {kAccessTyp}, claims, changes.access_header, changes);
  }
  record.name = world.ledger.record("at", value, order.parent, order.now);
  if (const auto forgotten = world.tokens.add(value, std::move(record))) {
    world.ledger.forget(*forgotten);
  }
  return value;
}

/// The token's own life, from now, and the session's, from the login: what ends first.
std::optional<oidc::TimePoint> refresh_expiry(const Issuing& issuing) {
  const Lifetimes& lifetimes = lifetimes_of(issuing.world.config, issuing.client);
  std::optional<oidc::TimePoint> end;
  if (lifetimes.refresh) {
    end = issuing.order.now + *lifetimes.refresh;
  }
  if (lifetimes.session) {
    const oidc::TimePoint session_end = issuing.order.grant.auth_time + *lifetimes.session;
    end = std::min(end.value_or(session_end), session_end);
  }
  return end;
}

std::string issue_refresh(const Issuing& issuing) {
  const auto& [world, client, order, changes] = issuing;
  std::string value = world.random.token();
  RefreshToken record{order.grant_id, world.ledger.record("rt", value, order.parent, order.now), order.now,
                      refresh_expiry(issuing)};
  record.predecessor = order.presented_refresh;
  world.tokens.add(value, std::move(record));
  return value;
}

/// What the response says of the refresh token; nothing if it is silent.
std::optional<std::string> refresh_member(const Issuing& issuing) {
  const IssueOrder& order = issuing.order;
  const auto policy = order.refresh ? order.refresh : issuing.changes.refresh;
  if (policy == RefreshPolicy::kOmit) {
    return std::nullopt;
  }
  if (order.refresh == RefreshPolicy::kSame) {
    return order.presented_refresh;
  }
  return may_refresh(issuing) ? std::optional{issue_refresh(issuing)} : std::nullopt;
}

std::string issue_id(const Issuing& issuing, std::string_view access_token) {
  const auto& [world, client, order, changes] = issuing;
  const std::string& alg = id_token_alg_of(world.config, client);
  oidc::Json claims = id_claims(world, client, order.grant, order.now);
  // Only the ID token of the login itself carries its nonce (OIDC Core section 12.2).
  if (!order.grant.nonce.empty() && !order.parent.starts_with("rt#")) {
    claims["nonce"] = order.grant.nonce;
  }
  claims["at_hash"] = half_hash(alg, access_token);
  if (const auto code = order.parent.starts_with("code#") ? world.ledger.value_of(order.parent) : std::nullopt) {
    claims["c_hash"] = half_hash(alg, *code);
  }
  if (!changes.id_claims.empty()) {
    claims.merge_patch(changes.id_claims);
  }
  const std::string_view secret = client != nullptr && alg.starts_with("HS") ? client->secret : std::string_view{};
  std::string value = make_jwt(world, {kIdTyp, alg, secret}, claims, changes.id_header, changes);
  if (client == nullptr || client->id_token_encrypted_alg.empty()) {
    world.ledger.record("id", value, order.parent, order.now);
    return value;
  }
  std::string encrypted =
      encrypt_jwt(*encryption_key_of(*client), {client->id_token_encrypted_alg, client->id_token_encrypted_enc}, value,
                  world.random);
  const std::string name = world.ledger.record("id", encrypted, order.parent, order.now);
  // What is in it comes back as id_token_hint (OIDC Core section 3.1.2.1).
  world.ledger.record("signed", value, name, order.now);
  return encrypted;
}

/// The members that one access token brings.
oidc::Json issue_set(const Issuing& issuing, bool with_id_token) {
  const IssueOrder& order = issuing.order;
  const std::string access_token = issue_access(issuing);
  oidc::Json reply = {{"access_token", access_token}, {"token_type", order.grant.dpop_jkt.empty() ? "Bearer" : "DPoP"}};
  if (!issuing.world.config.omit_expires_in) {
    reply["expires_in"] = lifetimes_of(issuing.world.config, issuing.client).access.count();
  }
  if (!order.scopes.empty()) {
    reply["scope"] = to_text(order.scopes);
  }
  if (auto refresh = refresh_member(issuing)) {
    reply["refresh_token"] = *std::move(refresh);
  }
  if (with_id_token) {
    reply["id_token"] = issue_id(issuing, access_token);
  }
  return reply;
}

/// One set of tokens for the issuer's own scopes and one for those of each resource server, all of grants that end with
/// the order's. The first is the response, the others are its `other_tokens`.
oidc::Json issue_apart(const Issuing& issuing) {
  const auto& [world, client, order, changes] = issuing;
  const auto parts = parts_of(world, order.scopes);
  oidc::Json reply;
  for (const ScopePart& part : parts) {
    const bool is_first = reply.is_null();
    IssueOrder own = order;
    own.scopes = part.scopes;
    if (part.resource_server != world.issuer_id) {
      own.grant.audience = part.resource_server;
    }
    if (parts.size() > 1) {
      own.grant.scopes = part.scopes;
      if (has_scope(order.grant.scopes, kOfflineAccess) && !has_scope(part.scopes, kOfflineAccess)) {
        own.grant.scopes.emplace_back(kOfflineAccess);
      }
      own.grant_id = world.tokens.open(own.grant, order.grant_id);
    }
    oidc::Json set = issue_set({world, client, own, changes}, is_first && has_scope(order.scopes, "openid"));
    set["resource_server"] = part.resource_server;
    if (is_first) {
      reply = std::move(set);
      reply["other_tokens"] = oidc::Json::array();
    } else {
      reply["other_tokens"].push_back(std::move(set));
    }
  }
  return reply;
}

oidc::Json issue_all(const Issuing& issuing) {
  if (!issuing.world.config.resource_servers.empty()) {
    return issue_apart(issuing);
  }
  return issue_set(issuing, has_scope(issuing.order.scopes, "openid"));
}

/// With the scopes that a step says. A login's are the grant's from then on, a refresh's only this token's.
oidc::Json issue_with_scopes(const Issuing& issuing, const Scopes& scopes) {
  IssueOrder order = issuing.order;
  order.scopes = scopes;
  if (!order.parent.starts_with("rt#")) {
    order.grant.scopes = scopes;
    issuing.world.tokens.set_scopes(order.grant_id, scopes);
  }
  return issue_all({issuing.world, issuing.client, order, issuing.changes});
}

}  // namespace

std::string make_jwt(World& world, const JwtKind& kind, const oidc::Json& claims, const oidc::Json& header_patch,
                     const TokenChanges& changes) {
  const Algorithm* hmac = kind.secret.empty() ? nullptr : find_algorithm(kind.alg);
  const std::string_view alg = hmac == nullptr ? kind.alg : std::string_view{};
  if (changes.sign == "active" && changes.kid.empty() && changes.corrupt.empty() && header_patch.empty()) {
    return hmac != nullptr ? sign_jwt(*hmac, kind.secret, kind.typ, claims)
                           : sign_jwt(*world.keys.active(alg), kind.typ, claims);
  }
  const Signature signature = signature_of(changes.sign);
  SigningKeyPtr key;
  if (signature == Signature::kNext) {
    key = world.keys.next(alg);
  } else if (signature == Signature::kRetired) {
    key = world.keys.retired(alg);
  } else if (signature == Signature::kUnpublished) {
    key = world.keys.unpublished(alg);
  } else {
    key = world.keys.active(alg);
  }
  return forge_jwt({key.get(), hmac, kind.secret}, {signature, &header_patch, changes.kid, changes.corrupt}, kind.typ,
                   claims);
}

oidc::Json issue_tokens(World& world, const IssueOrder& order, const TokenChanges& changes) {
  const ClientPtr client = world.registry.client(order.grant.client);
  const Issuing issuing{world, client.get(), order, changes};
  return changes.scopes ? issue_with_scopes(issuing, *changes.scopes) : issue_all(issuing);
}

}  // namespace mockserver
