#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "call.hpp"
#include "oidc/form.hpp"
#include "oidc/result.hpp"

/// The one place where forms are read for the issuer.
namespace mockserver {

/// What a form or a query says.
struct Parameters {
  oidc::Form form;                   ///< without those that have no value: they count as left out
  std::vector<std::string> empty{};  ///< their names, for the journal
};

/// Parameters sent without a value are treated as if they were omitted (RFC 6749 sections 3.1 and 3.2). Errors:
/// `kInvalidArgument` for a broken escape.
oidc::Result<Parameters> parse_parameters(std::string_view text);

/// Makes them those of the request.
void take_parameters(Call& call, Parameters parameters);

/// Reads the form body of a request to the token endpoint or one like it into `call`. A query belongs to the
/// endpoint's URL (RFC 6749 section 3.2) and is not read, unless `lenient.query_parameters`. Errors: "invalid_request"
/// for another media type, a broken escape, a repeated parameter, as far as `lenient` doesn't permit it, and too many
/// bytes.
oidc::Status read_form(Call& call);

/// Reads what a browser sends to a page into `call`: the body of a POST, else the query. Errors:
/// "invalid_request" for another media type, a broken escape, and too many bytes.
oidc::Status read_browser_form(Call& call);

/// Whether a parameter is given twice that may not be. `resource` and `audience` may (RFC 8707 section 2, RFC 8693
/// section 2.1), and with `lenient.duplicate_parameters` all may: the first one counts.
bool has_repetition(const Call& call);

/// Whether the parameters take no more than `limit` bytes, so that all of them can be kept until a login is over:
/// "invalid_request" (413, as RFC 9126 section 2.3 has it) if not.
oidc::Status check_what_is_kept(const oidc::Form& form, std::size_t limit);

/// "invalid_request" if the parameter is missing.
oidc::Result<std::string> require(const Call& call, std::string_view name);

}  // namespace mockserver
