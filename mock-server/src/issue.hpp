#pragma once

#include <optional>
#include <string>

#include "call.hpp"
#include "jose/jws.hpp"
#include "oidc/json.hpp"
#include "scope.hpp"
#include "token_claims.hpp"
#include "world.hpp"

/// Making tokens: their signatures, their records and their names. What they say is in token_claims.hpp.
namespace mockserver {

/// What a token response is made from.
struct IssueOrder {
  GrantId grant_id = 0;
  Grant grant;
  Scopes scopes;       ///< of the access token; the grant's or fewer
  std::string parent;  ///< lineage name of what was presented; "" for none
  oidc::TimePoint now;
  std::string presented_refresh{};         ///< on refresh: the value of the token that was redeemed
  std::optional<RefreshPolicy> refresh{};  ///< on refresh: what becomes of it; at a login there is nothing yet
};

/// A refresh token comes with offline_access, to a client that may use one; an ID token
/// with openid. Scopes of resource servers have tokens of their own (`other_tokens`). Returns the token response
/// (RFC 6749 section 5.1, OIDC Core section 3.1.3.3).
oidc::Json issue_tokens(World& world, const IssueOrder& order, const TokenChanges& changes);

/// Which JWT is signed how, if nothing is scripted.
struct JwtKind {
  std::string_view typ;
  std::string_view alg{};     ///< "" for the issuer's
  std::string_view secret{};  ///< of the client, if `alg` is HMAC
};

/// Signs claims that are already as they should be; header, signature and shape as `changes` say.
std::string make_jwt(World& world, const JwtKind& kind, const oidc::Json& claims, const oidc::Json& header_patch,
                     const TokenChanges& changes);

}  // namespace mockserver
