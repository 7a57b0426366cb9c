#pragma once

#include <string>

#include "client_auth/private_key.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// `claims` as a JWT in compact form (RFC 7515 §7.1). The header holds alg and typ, and the key's kid if
/// it has one (CAUTH-007). Errors: `kUnknown` if OpenSSL cannot sign.
oidc::Result<std::string> sign_jwt(const SigningKey& key, const oidc::Json& claims);

}  // namespace authcore
