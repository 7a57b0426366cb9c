#pragma once

#include <string_view>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// The endpoints that answer with tokens, and with tokens or signed claims: for `Verb::endpoints`.
inline constexpr std::string_view kTokenEndpoints = "token authorize";
inline constexpr std::string_view kJwtEndpoints = "token authorize userinfo";

/// True if `reply` is a token response that holds a JWT as this member: "access_token" or
/// "id_token". What claims, header and sign change; an opaque token has none of these.
bool issues_jwt(const oidc::HttpResponse& reply, std::string_view member);

/// True if `reply` is a token response with any JWT, or userinfo as a signed one.
bool issues_any_jwt(const Call& call, const oidc::HttpResponse& reply);

/// True if `reply` tells the claims of a user, plain or signed.
bool is_userinfo(const Call& call, const oidc::HttpResponse& reply);

/// Sets a member of a token response, a JSON object with an access token. False if `reply` is none.
bool set_token_member(oidc::HttpResponse& reply, std::string_view name, const oidc::Json& value);

}  // namespace mockserver
