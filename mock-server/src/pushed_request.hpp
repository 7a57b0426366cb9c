#pragma once

#include <optional>
#include <string_view>

#include "call.hpp"
#include "oidc/result.hpp"

/// Pushed authorization requests (RFC 9126), between the endpoint that takes them and the one that they are for.
namespace mockserver {

/// What every `request_uri` of ours starts with (RFC 9126 section 2.2).
inline constexpr std::string_view kRequestUriPrefix = "urn:ietf:params:oauth:request_uri:";

/// If the request has a `request_uri` of ours, puts the pushed parameters in the place of its own and notes it in
/// `call`. Errors: "invalid_request_uri" for one that is unknown, expired or another client's.
oidc::Status take_pushed_parameters(Call& call);

/// Uses the pushed request up, if this is about one; the error response if it was used up before.
std::optional<oidc::Form> refused_as_used(const Call& call);

}  // namespace mockserver
