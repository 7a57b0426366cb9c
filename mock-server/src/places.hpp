#pragma once

#include <string>

#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "world.hpp"

/// Where things are, for values that are written before anybody knows it: ${issuer} (its identifier), ${origin} (the
/// server's) and ${second_origin} in the strings of a step's `do`, of `metadata` and of minted tokens. Anything else in
/// ${} that isn't one lower-case word is text like any other.
namespace mockserver {

/// Errors: `kBadInput` with the JSON Pointer, below `pointer`, to a placeholder that doesn't exist, or to a
/// ${second_origin} that this issuer hasn't.
oidc::Status check_places(const oidc::Json& json, const std::string& pointer, bool has_second_origin);

/// Every placeholder replaced. Errors: as above.
oidc::Result<oidc::Json> with_places(const World& world, const oidc::Json& json, const std::string& pointer);

}  // namespace mockserver
