#pragma once

#include <memory>

#include "flows/flow.hpp"

namespace authcore {

/// The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252): a browser and a
/// loopback listener; or, if only the terminal is permitted, a code that the person types in (AUTHZ-015).
std::unique_ptr<Flow> make_authorization_code_flow(ClientContext& context);

}  // namespace authcore
