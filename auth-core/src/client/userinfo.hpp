#pragma once

#include <string>

#include "client/client_context.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// The claims about the user whose token this is (OIDC Core §5.3; UINF-001, UINF-002): a GET that carries the
/// token and no client authentication. Errors: `kInvalidArgument` for what is no token; those of the
/// request and its reply.
oidc::Result<oidc::Json> fetch_userinfo(ClientContext& context, const std::string& access_token);

}  // namespace authcore
