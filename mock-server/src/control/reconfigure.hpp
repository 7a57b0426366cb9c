#pragma once

#include <optional>

#include "control/problem.hpp"
#include "world.hpp"

namespace mockserver::control {

/// Lays `patch` (RFC 7396) over the issuer's configuration, between two requests. What was issued stays as it is.
/// The problem if it isn't a configuration, or changes what is settled when an issuer is made; nothing is changed then.
std::optional<Problem> reconfigure(mockserver::World& world, const oidc::Json& patch);

}  // namespace mockserver::control
