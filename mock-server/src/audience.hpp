#pragma once

#include <string>
#include <vector>

#include "call.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// What `aud` is to be by the `resource` (RFC 8707) and `audience` (RFC 8693 section 2.1) parameters of the request: a
/// string, or an array of several; `granted` if there is none of them. What was granted before is the most that may be
/// asked for; if that is null, what is configured: the client's audience, `audiences` and the resource servers.
/// Errors: "invalid_target".
oidc::Result<oidc::Json> requested_audience(const Call& call, const oidc::Json& granted);

}  // namespace mockserver
