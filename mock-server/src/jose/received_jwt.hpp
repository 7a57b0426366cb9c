#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/jwk.hpp"

namespace mockserver {

/// A signed JWT that somebody sent, taken apart; nothing of it is verified yet.
struct ReceivedJwt {
  oidc::Json header;
  oidc::Json claims;
  std::string input;  ///< what is signed
  std::string signature;

  std::string alg() const { return oidc::string_member(header, "alg").value_or(""); }
  /// A claim that is a string; "" for any other.
  std::string claim(std::string_view name) const { return oidc::string_member(claims, name).value_or(""); }
};

/// nullopt for what is no compact JWS of two JSON objects (RFC 7519 section 7.2), or demands by `crit` what nobody
/// here understands (RFC 7515 section 4.1.11).
std::optional<ReceivedJwt> read_jwt(std::string_view text);

/// Whether one of the keys signed it: by `kid` if both have one. Algorithms as in jose/verify.hpp.
bool is_signed_by_one_of(const std::vector<oidc::Jwk>& keys, const ReceivedJwt& jwt);

/// A NumericDate, as far as it is one.
std::optional<oidc::TimePoint> time_claim(const oidc::Json& claims, std::string_view name);

/// Whether `aud` is `audience`, or an array that holds it.
bool is_for(const oidc::Json& claims, const std::string& audience);

/// What is wrong with `exp`, `iat` and `nbf`, as the end of a sentence ("has expired"); null if nothing is. Without an
/// `exp`, or with one more than an hour ahead, a JWT is no assertion of the moment (RFC 7523 section 3).
const char* why_untimely(const oidc::Json& claims, oidc::TimePoint now);

}  // namespace mockserver
