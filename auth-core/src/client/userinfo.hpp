#pragma once

#include <string>

#include "client/client_context.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// The claims about the user whose token this is (OIDC Core §5.3; UINF-001, UINF-002): a GET that carries the
/// token and no client authentication. Errors: `kInvalidArgument` for what is no token; those of the
/// request and its reply.
oidc::Result<oidc::Json> fetch_userinfo(ClientContext& context, const std::string& access_token);

/// Whether claims that were fetched with a credential's access token are about the subject of its ID token, if it has
/// one (OIDC Core §5.3.2). That was verified when it came. Errors: `kBadClaim`; `kMalformedToken` for an ID token
/// that cannot be read, so that nobody can tell.
oidc::Status check_userinfo_subject(const oidc::Json& claims, const Credential& credential);

}  // namespace authcore
