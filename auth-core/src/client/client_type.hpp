#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "client_auth/client_authentication.hpp"
#include "flows/flow.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// One value of `client_type`: a flow composed with a client authentication.
struct ClientType {
  using MakeFlow = std::unique_ptr<Flow> (*)(ClientContext& context);

  std::string_view name;
  MakeFlow make_flow;
  ClientAuthMethod authentication;        ///< unless `client_auth_method` says otherwise (CAUTH-001, CAUTH-002)
  ClientAuthMethod login_authentication;  ///< of the flow's own token request (CAUTH-003)
  /// Beyond auth_server and client_id; "a|b": one of the two.
  std::vector<std::string_view> required_keys;
};

/// Errors: `kConfig`, for an unknown name with the nearest valid one.
oidc::Result<const ClientType*> find_client_type(std::string_view name);

}  // namespace authcore
