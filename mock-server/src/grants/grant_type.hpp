#pragma once

#include <span>
#include <string_view>

#include "call.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// One grant of the token endpoint. Each lives in a file of its own and has one line in
/// grants/table.cpp.
struct GrantType {
  std::string_view name;        ///< short, as in configurations and steps
  std::string_view identifier;  ///< the `grant_type` parameter
  /// The token response, or the OAuth error. The client is authenticated and may use the grant.
  oidc::Result<oidc::Json> (*redeem)(Call& call);
};

/// All grants, in the order of the documentation.
std::span<const GrantType* const> grant_types();
/// By the `grant_type` parameter; null if there is none.
const GrantType* find_grant_type(std::string_view identifier);

}  // namespace mockserver
