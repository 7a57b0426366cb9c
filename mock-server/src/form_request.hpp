#pragma once

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Reads the form body of a request to the token endpoint or one like it into `call.form`.
/// Errors: "invalid_request" for another media type, parameters in the query, a broken
/// escape, or a repeated parameter (RFC 6749 sections 2.3.1 and 3.2).
oidc::Status read_form(Call& call);

/// "invalid_request" if the parameter is missing or empty.
oidc::Result<std::string> require(const Call& call, std::string_view name);

}  // namespace mockserver
