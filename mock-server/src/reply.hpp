#pragma once

#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "scope.hpp"

/// The shapes that replies have.
namespace mockserver {

oidc::HttpResponse json_reply(int status, const oidc::Json& body);
/// What a request gets that belongs to no issuer.
oidc::HttpResponse no_such_issuer();
/// A page that says something (src/pages.cpp); `text` is escaped.
oidc::HttpResponse page_reply(int status, std::string_view title, std::string_view text);

/// An OAuth error as JSON (RFC 6749 section 5.2). `invalid_client` is 401 with a
/// challenge for a client that used the Authorization header and 400 for others, as section 5.2
/// permits: a 401 needs a challenge (RFC 9110 section 15.5.2), and Basic may be closed to them.
oidc::HttpResponse refuse_as_json(const Call& call, const oidc::Error& error);
/// An error as a challenge (RFC 6750 section 3); an empty code is the bare challenge for a
/// request without a token. What `insufficient_scope` lacks is `needed`, or else what userinfo needs.
oidc::HttpResponse refuse_as_challenge(const Call& call, const oidc::Error& error);
oidc::HttpResponse refuse_as_challenge(const Call& call, const oidc::Error& error, const Scopes& needed);
/// An error as a redirect once the redirect URI is trusted, as a page before that
/// (RFC 6749 section 4.1.2.1).
oidc::HttpResponse refuse_as_redirect(const Call& call, const oidc::Error& error);

/// The authorization response: `parameters` with `state` and `iss` (RFC 9207), as the URL, in its query or fragment.
std::string authorization_response(const Call& call, oidc::Form parameters);
/// The same as the reply to the browser: a redirect, or with response_mode=form_post a page that posts it.
oidc::HttpResponse respond_to_client(const Call& call, oidc::Form parameters);
/// A redirect of the browser, which goes on with GET.
oidc::HttpResponse see_other(const Call& call, std::string location);

/// A quoted-string (RFC 9110 section 5.6.4).
std::string quoted_string(std::string_view text);

}  // namespace mockserver
