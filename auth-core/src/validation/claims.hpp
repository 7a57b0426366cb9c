#pragma once

#include "authcore/token_validator.hpp"
#include "oidc/json.hpp"

/// The checks on a verified payload (RFC 7519 §4.1, OIDC Core §3.1.3.7): pure functions.
namespace authcore {

/// By how much a token's times may be missed, because clocks differ.
struct ClockLeeway {
  oidc::Duration overall{};
  oidc::Duration start{};  ///< iat and nbf alone; the longer of the two counts
};

/// iss, aud, exp, nbf, iat, the types of the registered claims, required claims and nonce.
/// exp is required and inclusive: a token is expired at `exp` itself.
oidc::Status check_claims(const oidc::Json& claims, const Expectation& expected, oidc::TimePoint now,
                          const ClockLeeway& leeway);

/// At least one of `scopes_anyof` is granted by `scope`, or by `scp` if that has none; each a
/// space-delimited string or a list (W-24). An empty list of wishes is always fulfilled.
/// Errors: `kMissingScope` if both are absent or empty, `kScopeNotGranted`, `kBadClaim`.
oidc::Status check_scopes(const oidc::Json& claims, const std::vector<std::string>& scopes_anyof);

/// What OIDC Core adds for ID tokens: sub and iat are there, azp as in D-16.
oidc::Status check_id_token_claims(const oidc::Json& claims, const std::string& client_id);

}  // namespace authcore
