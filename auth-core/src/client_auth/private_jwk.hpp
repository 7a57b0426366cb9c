#pragma once

#include <string>
#include <string_view>

#include "oidc/openssl.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// A private JWK (RFC 7517 §9.3), ready to sign with.
struct PrivateJwk {
  oidc::EvpPkey handle;
  std::string kid;  ///< "" if absent
  std::string alg;  ///< "" if absent
};

/// A JWK of RSA, EC or Ed25519 with its private members (RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2). Errors:
/// `kInvalidArgument`, naming the member, also if the private half is not that of the public one.
oidc::Result<PrivateJwk> parse_private_jwk(std::string_view text);

}  // namespace authcore
