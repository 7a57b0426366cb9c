#pragma once

#include <string>

#include "call.hpp"
#include "jose/received_jwt.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Who a `client_assertion` says it is from, and how it is signed, before anything of it is verified.
struct ClaimedClient {
  std::string id;
  ClientAuthMethod method = ClientAuthMethod::kPrivateKeyJwt;  ///< kSecretJwt for an HMAC
};
/// Errors: "invalid_client" for what is no JWT with a subject, or another `client_assertion_type`.
oidc::Result<ClaimedClient> claimed_client(const Call& call);

/// Judges the assertion by RFC 7523 section 3 and OIDC Core section 9, as private_key_jwt or client_secret_jwt: issuer
/// and subject are the client, the audience is this issuer or the endpoint called, it has not expired, lives at most
/// an hour, has a `jti` that was not used before, and one of the client's registered keys signed it, or its secret.
/// Notes in `call` what will be used up once the request is processed. Errors: "invalid_client".
oidc::Status check_assertion(Call& call, const ClientConfig& client);

/// Whether the JWT's audience is this issuer, its token endpoint or the endpoint called.
bool is_for_this_issuer(const Call& call, const ReceivedJwt& jwt);

}  // namespace mockserver
