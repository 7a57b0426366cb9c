#pragma once

#include <string>
#include <string_view>

#include "oidc/jwk.hpp"
#include "oidc/random.hpp"

namespace mockserver {

/// How a JWT is encrypted for its receiver (RFC 7516): `alg` is RSA-OAEP or RSA-OAEP-256, `enc` is A128GCM, A192GCM or
/// A256GCM.
struct Encryption {
  std::string alg;
  std::string enc;
};

/// The nested JWT (RFC 7519 section 5.2), compact, for whoever has the private half of `recipient`, an RSA key.
/// Throws `oidc::Failure` if OpenSSL fails or the key or a name is of another kind. Thread-safe.
std::string encrypt_jwt(const oidc::Jwk& recipient, const Encryption& encryption, std::string_view jwt,
                        oidc::Random& random);

}  // namespace mockserver
