#pragma once

#include <string_view>

#include "oidc/http.hpp"

namespace mockserver {

/// True if `reply` is a token response that holds a JWT as this member: "access_token" or
/// "id_token". What claims, header and sign change; an opaque token has none of these.
bool issues_jwt(const oidc::HttpResponse& reply, std::string_view member);

}  // namespace mockserver
