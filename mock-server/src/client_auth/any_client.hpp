#pragma once

#include <string_view>

#include "stores/registry.hpp"
#include "world.hpp"

namespace mockserver {

/// A client by its id. With `lenient.any_client` one that nobody registered is taken in: it may use every grant,
/// any redirect URI and any way of authentication, or none. Null if there is no such client, or no id.
ClientPtr find_client(World& world, std::string_view id);

/// Whether `find_client` took it in.
bool is_taken_in(const ClientConfig& client);

}  // namespace mockserver
