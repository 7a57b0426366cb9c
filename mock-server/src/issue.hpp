#pragma once

#include <optional>
#include <string>

#include "call.hpp"
#include "oidc/json.hpp"
#include "scope.hpp"
#include "world.hpp"

/// Making tokens: what they say, their records and their names.
namespace mockserver {

/// What a token response is made from.
struct IssueOrder {
  GrantId grant_id = 0;
  Grant grant;
  Scopes scopes;       ///< of the access token; the grant's or fewer
  std::string parent;  ///< lineage name of what was presented; "" for none
  oidc::TimePoint now;
  std::string presented_refresh{};  ///< on refresh: the value of the token that was redeemed
  bool same_refresh = false;        ///< it goes on: nothing new is made, its value goes into the reply
};

/// A refresh token comes with offline_access, to a client that may use one; an ID token
/// with openid. Returns the token response (RFC 6749 section 5.1, OIDC Core section 3.1.3.3).
oidc::Json issue_tokens(World& world, const IssueOrder& order, const TokenChanges& changes);

/// The correct claims of a JWT access token (RFC 9068 section 2.2).
oidc::Json access_claims(World& world, const Grant& grant, const Scopes& scopes, oidc::TimePoint now);
/// The correct claims of an ID token (OIDC Core section 2). `access_token` "" leaves out at_hash.
oidc::Json id_claims(World& world, const Grant& grant, std::string_view access_token, bool with_nonce,
                     oidc::TimePoint now);

inline constexpr std::string_view kAccessTyp = "at+jwt";
inline constexpr std::string_view kIdTyp = "JWT";

/// Signs claims that are already as they should be; header and signature as asked.
std::string make_jwt(World& world, std::string_view typ, const oidc::Json& claims, const oidc::Json& header_patch,
                     std::string_view sign);

}  // namespace mockserver
