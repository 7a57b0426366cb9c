#pragma once

#include <string>
#include <vector>

#include "oidc/json.hpp"

namespace scenarios {

/// What a schema cannot say about a scenario, with the JSON Pointer of the culprit.
struct MeaningProblem {
  std::string pointer;
  std::string sentence;
  bool explains_schema = false;  ///< says better what the schema says of that value
};

/// Names that must exist, be unique or used, and values that must parse. Members of a
/// wrong type are passed over: the schema speaks of them.
std::vector<MeaningProblem> check_meaning(const oidc::Json& scenario);

}  // namespace scenarios
