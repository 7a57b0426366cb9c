#pragma once

#include <string>

#include "client/client_context.hpp"

namespace authcore {

/// Asks the issuer to end `token` (RFC 7009; REV-001 … REV-004). `hint`: "access_token" or "refresh_token".
/// Any 2xx is a success, whatever its body, unless that is a JSON error. Errors: `kInvalidArgument` for an
/// empty token; those of the request and its reply.
oidc::Status revoke(ClientContext& context, const std::string& token, const std::string& hint);

}  // namespace authcore
