#pragma once

#include <memory>

#include "flows/flow.hpp"

namespace authcore {

/// Tokens for a user whose password the client knows (RFC 6749 §4.3; RO-001, RO-002). Needs nobody only if
/// both username and password are configured (FACT-011).
std::unique_ptr<Flow> make_resource_owner_flow(ClientContext& context);

}  // namespace authcore
