#pragma once

#include "call.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// Reads the form body of a request to the token endpoint or one like it into `call.form`.
/// Errors: "invalid_request" for another media type, parameters in the query, a broken
/// escape, or a repeated parameter (RFC 6749 sections 2.3.1 and 3.2), as far as `lenient` doesn't permit it.
oidc::Status read_form(Call& call);

/// Reads what a browser sends to a page into `call.form`: the body of a POST, else the query. Errors:
/// "invalid_request" for another media type or a broken escape.
oidc::Status read_browser_form(Call& call);

/// Whether a parameter is given twice that may not be. `resource` and `audience` may (RFC 8707 section 2, RFC 8693
/// section 2.1), and with `lenient.duplicate_parameters` all may: the first one counts.
bool has_repetition(const Call& call);

/// "invalid_request" if the parameter is missing or empty.
oidc::Result<std::string> require(const Call& call, std::string_view name);

}  // namespace mockserver
