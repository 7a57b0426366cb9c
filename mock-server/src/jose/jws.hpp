#pragma once

#include <string>
#include <string_view>

#include "jose/signing_key.hpp"
#include "oidc/json.hpp"

/// Compact JWS (RFC 7515): right ones and forgeries. Nothing here verifies.
namespace mockserver {

/// The raw signature bytes of RFC 7518: PKCS#1 v1.5 for RS256, PSS for PS256, r||s of 64 bytes for ES256, and of
/// RFC 8037 for EdDSA.
/// Throws `oidc::Failure` if OpenSSL fails. Thread-safe.
std::string sign_bytes(const SigningKey& key, std::string_view input);

/// HMAC with SHA-256.
std::string hmac_sha256(std::string_view key, std::string_view input);

/// {"alg", "kid", "typ"} for a token signed by `key`.
oidc::Json jose_header(const SigningKey& key, std::string_view typ);

/// How `forge_jwt` departs from a right signature; the names of `TokenSpec::sign`.
enum class Signature { kActive, kUnpublished, kNone, kHs256, kCorrupt };
/// "active", "unpublished", "none", "hs256", "corrupt"; anything else is `kActive`.
Signature signature_of(std::string_view name);

/// A correct compact JWS.
std::string sign_jwt(const SigningKey& key, std::string_view typ, const oidc::Json& claims);

/// A compact JWS whose header is patched (RFC 7396) and whose signature is made as asked.
/// `stranger` signs for `kUnpublished`, `key` otherwise.
std::string forge_jwt(const SigningKey& key, const SigningKey& stranger, Signature signature, std::string_view typ,
                      const oidc::Json& header_patch, const oidc::Json& claims);

}  // namespace mockserver
