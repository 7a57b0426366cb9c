#pragma once

#include <string>

#include "jose/signing_key.hpp"

namespace mockserver {

/// A self-signed certificate of the key as DER, for `x5c` (RFC 7517 section 4.7): good from 2000 to the end of 9999, so
/// that no issuer's clock is outside. Throws `oidc::Failure` if OpenSSL fails.
std::string self_signed_certificate(const SigningKey& key);

}  // namespace mockserver
