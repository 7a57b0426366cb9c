#pragma once

#include <memory>

#include "authcore/client.hpp"
#include "client/client_type.hpp"

namespace authcore {

/// A client of OIDC: the flow and the client authentication of `type`. Errors: `kConfig`.
oidc::Result<std::unique_ptr<AuthClient>> make_oidc_client(const ClientType& type, const oidc::Json& config,
                                                           Environment environment);

}  // namespace authcore
