#pragma once

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Admits a client's question about a token, or its wish to revoke one (RFC 7662 section 2.1, RFC 7009 section 2.1).
/// Errors: those of `read_form` and `authenticate_client`; "invalid_request" without a token.
oidc::Status admit_about_token(Call& call);

}  // namespace mockserver
