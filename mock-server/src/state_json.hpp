#pragma once

#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "world.hpp"

namespace mockserver {

/// All that a server has to know after it was started again: what was issued with its lineage names, the keys, and
/// how far its randomness has come. It holds secrets. Clients and users are those of the configuration, and the clients
/// that registered themselves.
oidc::Json state_to_json(const World& world);

/// Takes over what `state_to_json` gave, into a world of the same configuration. Errors: `kCorruptStorage`; the
/// world is as it was then.
oidc::Status state_from_json(World& world, const oidc::Json& json);

}  // namespace mockserver
