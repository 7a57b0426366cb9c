#pragma once

#include "checks/causes.hpp"
#include "checks/check.hpp"
#include "rules/ruling.hpp"

namespace scenarios {

/// What every check of one run is decided with.
struct Bench {
  const Rules& rules;
  const Statements& own;  ///< the scenario's
  ClientFacts facts;
};

/// From what the evidence says to the verdict: breakdowns first, then whether the check applies to this client,
/// then what it rests on, then the evidence with the weight that the deciding statement gives it.
CheckResult decide(const Judged& judged, Judgement judgement, const Cause& cause, const Bench& bench);

}  // namespace scenarios
