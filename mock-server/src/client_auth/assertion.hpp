#pragma once

#include <string>

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// The client that a `client_assertion` says it is from, before anything of it is verified. Errors:
/// "invalid_client" for what is no JWT with a subject, or another `client_assertion_type`.
oidc::Result<std::string> claimed_client(const Call& call);

/// Judges the assertion by RFC 7523 section 3 and OIDC Core section 9, as private_key_jwt: issuer and subject are
/// the client, the audience is this issuer or the endpoint called, it has not expired, lives at most an hour,
/// has a `jti` that was not used before, and one of the client's registered keys signed it. Notes in `call` what
/// will be used up once the request is processed. Errors: "invalid_client".
oidc::Status check_assertion(Call& call, const ClientConfig& client);

}  // namespace mockserver
