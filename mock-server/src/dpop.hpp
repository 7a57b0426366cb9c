#pragma once

#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

/// Demonstrating proof of possession (RFC 9449).
namespace mockserver {

/// Judges the DPoP proof of a request of the authenticated client to the token or PAR endpoint (section 4.3): one
/// header, a JWT of type "dpop+jwt" signed by the public key in it, for this method and URL, made within the last five
/// minutes, with a `jti` that was not used before and the server's nonce if it demands one. Notes the key's thumbprint
/// in `call`, and what will be used up once the request is processed. Without a proof that is fine unless issuer or
/// client demand one. Errors: "invalid_dpop_proof", "use_dpop_nonce".
oidc::Status check_token_request_proof(Call& call);

/// Judges how a live access token is presented to an API (section 7): one that is bound to a key (`dpop_jkt`) by the
/// scheme DPoP and with a proof of that key for this token, any other as a bearer token. Uses the proof up.
/// Errors: "invalid_token", "invalid_dpop_proof", "use_dpop_nonce".
oidc::Status check_token_use(const Call& call, std::string_view access_token, const std::string& dpop_jkt);

/// Whether the request shows its token by the scheme DPoP.
bool uses_dpop_scheme(const Call& call);

/// The algorithms of proofs, joined by blanks as a challenge names them (section 7.1).
std::string dpop_algorithms();

/// Adds the nonce for the next proof, where the server demands one and the request had a proof (section 8.2).
void offer_dpop_nonce(const Call& call, oidc::HttpResponse& reply);

void describe_dpop(oidc::Json& metadata);

}  // namespace mockserver
