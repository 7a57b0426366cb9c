#pragma once

#include <memory>

#include "authcore/client.hpp"
#include "client/client_type.hpp"

namespace authcore {

/// `none`: requests go out as they are, for servers that ask for nothing (NOOP-001, NOOP-002).
oidc::Result<std::unique_ptr<AuthClient>> make_noop_client(const ClientType& type, const oidc::Json& config,
                                                           Environment environment);
/// Any configuration will do: never an error.
oidc::Status check_noop_config(const oidc::Json& config);

}  // namespace authcore
