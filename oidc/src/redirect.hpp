#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oidc/http.hpp"
#include "oidc/url.hpp"

namespace oidc::detail {

/// Resolves a Location against the URL that was asked (RFC 3986 §5.2).
/// Errors: those of `parse_url`.
Result<Url> resolve_reference(const Url& base, std::string_view reference);

/// The request that follows `response`, or nothing if it isn't a redirect that may be
/// followed: GET and HEAD only, never from https to http, and without credentials once the
/// origin changes.
std::optional<HttpRequest> redirected(const HttpRequest& request, const HttpResponse& response);

}  // namespace oidc::detail
