#pragma once

#include "oidc/clock.hpp"
#include "oidc/json.hpp"

namespace mockserver::control {

/// {"mode": "system" | "virtual", "now": ISO 8601, "epoch_seconds": n, "sleepers": n}
oidc::Json clock_to_json(const oidc::Clock& clock);

}  // namespace mockserver::control
