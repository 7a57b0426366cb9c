#pragma once

#include <string>

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// The access token of a request (RFC 6750 section 2, RFC 9449 section 7.1): in the Authorization header, or in the
/// form body of a POST. Errors: an empty code if there is none, "invalid_request" if there are two or one is in the
/// query.
oidc::Result<std::string> bearer_token(Call& call);

/// `Endpoint::admit` where tokens are shown. Refuses nothing: a step may well be about a token that is not good any
/// more. It only finds out whose token it is.
oidc::Status find_token_owner(Call& call);

/// The live access token that the request shows. Errors: those of `bearer_token`, and "invalid_token".
oidc::Result<Live<AccessToken>> shown_token(Call& call);

}  // namespace mockserver
