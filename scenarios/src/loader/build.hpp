#pragma once

#include "oidc/json.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// The values of a scenario that passed the schema and `check_meaning`. `id`, `file` and
/// `source` are left empty.
Scenario build_scenario(const oidc::Json& json);

}  // namespace scenarios
