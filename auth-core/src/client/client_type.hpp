#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "authcore/client.hpp"
#include "client_auth/client_authentication.hpp"
#include "flows/flow.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What makes a client type of OIDC: a flow composed with a client authentication.
struct OidcTraits {
  using MakeFlow = std::unique_ptr<Flow> (*)(ClientContext& context);

  MakeFlow make_flow = nullptr;
  ClientAuthMethod authentication{};        ///< unless `client_auth_method` says otherwise (CAUTH-001, CAUTH-002)
  ClientAuthMethod login_authentication{};  ///< of the flow's own token request (CAUTH-003)
  /// Beyond auth_server and client_id; "a|b": one of the two.
  std::vector<std::string_view> required_keys{};
  /// False: it only validates what others were given; no login, no refresh, no client_id (VAL-001).
  bool has_identity = true;
};

/// One value of `client_type`.
struct ClientType {
  using Make = oidc::Result<std::unique_ptr<AuthClient>> (*)(const ClientType& type, const oidc::Json& config,
                                                             Environment environment);

  /// Errors: `kConfig`, as those of `make`.
  using Check = oidc::Status (*)(const oidc::Json& config);

  ClientTypeInfo info;
  Make make;
  OidcTraits oidc{};      ///< empty for types that are not of OIDC
  Check check = nullptr;  ///< of types that are not; those of OIDC have `parse_client_config`
};

const std::vector<ClientType>& client_types();

/// Errors: `kConfig`, for an unknown name with the nearest valid one.
oidc::Result<const ClientType*> find_client_type(std::string_view name);

}  // namespace authcore
