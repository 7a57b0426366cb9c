#pragma once

#include "oidc/http.hpp"
#include "oidc/url.hpp"

/// What a browser says of the page that made it send a request. Whoever is no browser says nothing.
namespace mockserver {

/// By Sec-Fetch-Site, which comes also where Origin doesn't: with an image, a script, a fetch that may not read its
/// reply. Another port of the same host is another page.
bool is_sent_by_another_page(const oidc::HttpRequest& request);

/// By Origin: it is neither that of `url`, the request's, nor what Host names. "null" is nobody's.
bool has_another_origin(const oidc::HttpRequest& request, const oidc::Url& url);

}  // namespace mockserver
