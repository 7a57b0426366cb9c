#pragma once

#include <string>
#include <vector>

#include "scope.hpp"
#include "world.hpp"

namespace mockserver {

/// Scopes that get one access token.
struct ScopePart {
  std::string resource_server;  ///< its id; the issuer's own scopes have the issuer identifier
  Scopes scopes;
};

/// Splits scopes up as `resource_servers` says: the issuer's own first, if there are any, but not for offline_access
/// alone. Never empty.
std::vector<ScopePart> parts_of(const World& world, const Scopes& scopes);

}  // namespace mockserver
