#pragma once

#include <memory>

#include "authcore/client.hpp"
#include "client/client_type.hpp"

namespace authcore {

/// `static_apikey`: a key that somebody issued once, from `api_key` or from storage (STAT-001 … STAT-008).
/// Errors: `kConfig`.
oidc::Result<std::unique_ptr<AuthClient>> make_static_key_client(const ClientType& type, const oidc::Json& config,
                                                                 Environment environment);
/// Errors: `kConfig`.
oidc::Status check_static_key_config(const oidc::Json& config);

}  // namespace authcore
