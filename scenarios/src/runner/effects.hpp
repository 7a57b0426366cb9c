#pragma once

#include <cstddef>
#include <string>

#include "checks/evidence.hpp"
#include "mockserver/issuer.hpp"
#include "oidc/clock.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// What steps can change besides what the client does, as it is at one moment.
struct Footprint {
  std::size_t clients_started = 0;
  StorageSnapshot storage;
  oidc::Json issuer_state;
  std::size_t script_steps = 0;
  oidc::Duration wall_ahead{};  ///< of the monotonic clock
};

/// What a step was to do and did not, in words; "" if it left its mark. A step that changed nothing tested nothing.
std::string missing_effect(const StepAction& action, const Footprint& before, const Footprint& after,
                           const StepEvidence& went);

/// True if steps of this kind leave a mark that is looked for.
bool leaves_a_mark(const StepAction& action);

}  // namespace scenarios
