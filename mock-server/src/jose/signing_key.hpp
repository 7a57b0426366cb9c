#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "jose/algorithm.hpp"
#include "oidc/jwk.hpp"
#include "oidc/openssl.hpp"
#include "oidc/random.hpp"

namespace mockserver {

/// A private key with what is needed to sign and to publish it. Immutable, so that any
/// number of threads may sign with it at once.
struct SigningKey {
  oidc::EvpPkey pkey;
  std::string alg;                       ///< one of `signing_algorithms`
  const Algorithm* algorithm = nullptr;  ///< the same
  oidc::EvpMdCtx signer;                 ///< ready to sign by it; copied for each signature, never used itself
  oidc::Jwk jwk;                         ///< public half, with kid (RFC 7638 thumbprint), use and alg
  std::string access_header;             ///< the JOSE header of its access tokens (typ "at+jwt"), as base64url
  std::string jwt_header;                ///< and of its other JWTs (typ "JWT")
  const std::string& kid() const { return jwk.kid; }
};
using SigningKeyPtr = std::shared_ptr<const SigningKey>;

/// RSA keys that are built in: generating one takes longer than starting an issuer may.
inline constexpr std::size_t kRsaTestKeys = 4;
/// Parsed when first asked for, once per process. `index` is below `kRsaTestKeys`.
SigningKeyPtr rsa_test_key(std::size_t index);
/// A fresh RSA key of 2048 bits. Takes about a tenth of a second, and comes out of OpenSSL's own
/// randomness: nothing else makes RSA keys (docs/adr/0009). Throws `oidc::Failure`.
SigningKeyPtr generate_rsa_key();
/// The built-in RSA key of the default client "service-jwt".
SigningKeyPtr client_test_key();
/// The built-in RSA key that no issuer ever publishes.
SigningKeyPtr unpublished_rsa_key();

/// An EC or Ed25519 key for that algorithm out of `random`: the same for the same seed.
SigningKeyPtr derive_key(const Algorithm& algorithm, oidc::Random& random);

/// The same RSA key, to sign by another of the RSA algorithms.
SigningKeyPtr as_algorithm(const SigningKeyPtr& key, const Algorithm& algorithm);

/// A private key in PEM, to sign by `alg`. Throws `oidc::Failure`.
SigningKeyPtr read_signing_key(std::string_view pem, std::string alg);

/// The public half as PEM ("BEGIN PUBLIC KEY").
std::string public_pem(const SigningKey& key);

}  // namespace mockserver
