#pragma once

#include <string>

#include "client/client_context.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// Asks the issuer whether `token` is good (RFC 7662; INTR-001 … INTR-004). `hint`: "access_token",
/// "id_token" or "refresh_token". Returns the reply as it is; only `active` is examined. Errors:
/// `kIntrospectionRejected` if it is false; `kMalformedResponse` if it is missing or no boolean;
/// `kInvalidArgument` for an empty token; those of the request and its reply.
oidc::Result<oidc::Json> introspect(ClientContext& context, const std::string& token, const std::string& hint);

}  // namespace authcore
