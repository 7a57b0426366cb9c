#pragma once

#include <string>
#include <string_view>

#include "jose/signing_key.hpp"
#include "oidc/json.hpp"

/// Compact JWS (RFC 7515) as they should be; forgeries are in forgery.hpp. Nothing here verifies.
namespace mockserver {

inline constexpr std::string_view kAccessTyp = "at+jwt";  ///< RFC 9068 section 2.1
inline constexpr std::string_view kIdTyp = "JWT";

/// The raw signature bytes of RFC 7518: PKCS#1 v1.5 for RS, PSS for PS, r||s for ES, and of RFC 8037 for EdDSA.
/// Throws `oidc::Failure` if OpenSSL fails. Thread-safe.
std::string sign_bytes(const SigningKey& key, std::string_view input);

/// {"alg", "kid", "typ"} for a token signed by `key`.
oidc::Json jose_header(const SigningKey& key, std::string_view typ);

std::string sign_jwt(const SigningKey& key, std::string_view typ, const oidc::Json& claims);

/// Signed by HMAC, without `kid` (OIDC Core section 10.1).
std::string sign_jwt(const Algorithm& algorithm, std::string_view secret, std::string_view typ,
                     const oidc::Json& claims);

}  // namespace mockserver
