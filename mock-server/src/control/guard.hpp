#pragma once

#include <optional>

#include "control/problem.hpp"
#include "oidc/http.hpp"
#include "oidc/url.hpp"

namespace mockserver::control {

/// What a web page could make a browser send here, the API being without authentication: a
/// request for a name that the page's owner let point here (DNS rebinding; 421), or a body that
/// needs no preflight (415). Requests without Host or Content-Type pass. `url` is the request's.
std::optional<Problem> refuse_pages(const oidc::HttpRequest& request, const oidc::Url& url);

/// A request that a page of another origin made its browser send: 403. Browsers name that origin, or where it is
/// (Sec-Fetch-Site), whatever the body is, and add the password of Basic by themselves. Requests without either pass,
/// and those with a bearer token, which no page has by chance.
std::optional<Problem> refuse_other_origins(const oidc::HttpRequest& request, const oidc::Url& url);

/// Who doesn't know the token ("": nobody needs one): 401. It is shown as a bearer token (RFC 6750 section 2.1), or
/// as the password of any Basic user, which browsers can ask people for. /v1/health is open, so that a container's
/// health can be probed by who knows nothing.
std::optional<Problem> refuse_strangers(const oidc::HttpRequest& request, const oidc::Url& url,
                                        const std::string& token);

}  // namespace mockserver::control
