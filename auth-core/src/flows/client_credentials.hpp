#pragma once

#include <memory>

#include "flows/flow.hpp"

namespace authcore {

/// Tokens for the client itself (RFC 6749 §4.4); needs nobody.
std::unique_ptr<Flow> make_client_credentials_flow(ClientContext& context);

}  // namespace authcore
