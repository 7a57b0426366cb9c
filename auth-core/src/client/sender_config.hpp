#pragma once

#include "authcore/environment.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// `otherwise`, with what the keys `user_agent` and `planet_app` of a configuration say instead; all client types have
/// them. Errors: `kConfig` for a text that no header may hold.
oidc::Result<Sender> read_sender(const oidc::Json& config, Sender otherwise);

}  // namespace authcore
