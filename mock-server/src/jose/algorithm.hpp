#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

namespace mockserver {

/// A signature algorithm of JOSE (RFC 7518 section 3.1, RFC 8037 section 3.1).
struct Algorithm {
  std::string_view name;
  std::string_view kty;             ///< of its keys: "RSA", "EC", "OKP"; "oct" for HMAC
  std::string_view crv;             ///< "" for RSA and HMAC
  const EVP_MD* (*digest)();        ///< null for Ed25519, which has its own
  bool pss = false;                 ///< RSA: PSS with a salt as long as the digest
  std::size_t coordinate_size = 0;  ///< EC: bytes of r and of s
};

/// RS, PS and ES 256/384/512, EdDSA, HS256/384/512; null for others and for "none".
const Algorithm* find_algorithm(std::string_view name);

/// What keys sign with, in the order of the documentation: all but HMAC.
const std::vector<std::string>& signing_algorithms();

/// HMAC by an HS algorithm. Throws `oidc::Failure` if OpenSSL fails. Thread-safe.
std::string hmac(const Algorithm& algorithm, std::string_view key, std::string_view input);

/// `at_hash`, `c_hash` and the like: the left half of the hash of `value` by the digest of the ID token's signature
/// (OIDC Core section 3.1.3.6), as base64url; by SHA-512 for Ed25519 (RFC 8032 section 5.1).
std::string half_hash(std::string_view alg, std::string_view value);

}  // namespace mockserver
