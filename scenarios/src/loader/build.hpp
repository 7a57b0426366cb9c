#pragma once

#include "oidc/json.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// The values of a scenario that passed the schema and `check_meaning`. `id`, `file` and
/// `source` are left empty.
Scenario build_scenario(const oidc::Json& json);

/// The ids that a check's or step's `statement` names: one, a list, or that of one stated in place.
std::vector<std::string> statement_ids(const oidc::Json& judged);

}  // namespace scenarios
