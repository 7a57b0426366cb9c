#pragma once

#include <memory>

#include "authcore/client.hpp"
#include "client/client_type.hpp"

namespace authcore {

/// `planet_legacy`: user name and password are exchanged for an API key once (LEG-001 … LEG-007).
/// Errors: `kConfig`.
oidc::Result<std::unique_ptr<AuthClient>> make_planet_legacy_client(const ClientType& type, const oidc::Json& config,
                                                                    Environment environment);
/// Errors: `kConfig`.
oidc::Status check_planet_legacy_config(const oidc::Json& config);

}  // namespace authcore
