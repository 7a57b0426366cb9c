#pragma once

#include <string>
#include <vector>

#include "loader/meaning.hpp"

namespace scenarios {

/// What is wrong with matchers by name, at `pointer` in the scenario: a misspelt one would match nothing, or
/// everything.
std::vector<MeaningProblem> matcher_problems(const oidc::Json& matchers, const std::string& pointer);

}  // namespace scenarios
