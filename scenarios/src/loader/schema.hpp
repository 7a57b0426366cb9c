#pragma once

#include "oidc/schema.hpp"

namespace scenarios {

/// The published schema of scenario files, `schema/scenario.schema.json`.
const oidc::Schema& scenario_schema();

}  // namespace scenarios
