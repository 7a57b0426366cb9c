#pragma once

#include <optional>
#include <string>

#include "call.hpp"
#include "jose/received_jwt.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scope.hpp"

namespace mockserver {

/// Whom a token that was handed in for another is about.
struct Subject {
  std::string sub;
  std::string issuer;  ///< ours, or the trusted issuer's
  bool of_user = true;
  oidc::TimePoint auth_time;
  std::optional<Scopes> scopes{};            ///< the most that may be asked for; nullopt: the token doesn't say
  std::string name{};                        ///< its lineage name; "" for a token from elsewhere
  oidc::Json actor{};                        ///< `act`; null for none
  oidc::Json claims = oidc::Json::object();  ///< if it is a JWT
};

/// Reads `<role>_token` of type `<role>_token_type` (RFC 8693 section 2.1); `role` is "subject" or "actor". Good are
/// this issuer's live access and ID tokens, the client's own live refresh tokens, and JWTs that a trusted issuer
/// signed and that have not expired. Errors: "invalid_request", for whatever is wrong with it (section 2.2.2).
oidc::Result<Subject> read_subject(const Call& call, const std::string& role);

/// The trusted issuer that signed the JWT; null if none did.
const TrustedIssuer* trusted_signer(const IssuerConfig& config, const ReceivedJwt& jwt);

}  // namespace mockserver
