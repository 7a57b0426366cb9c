#pragma once

#include <vector>

#include "loader/meaning.hpp"

namespace scenarios {

/// Names of the scenario's world that nothing in it has: placeholders, clients, users, a way to authenticate that no
/// client is registered for.
std::vector<MeaningProblem> name_problems(const oidc::Json& scenario);

}  // namespace scenarios
