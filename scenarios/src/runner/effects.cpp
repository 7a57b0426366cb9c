#include "runner/effects.hpp"

#include <fmt/format.h>

namespace scenarios {
namespace {

struct Effects {
  const Footprint& before;
  const Footprint& after;
  const StepEvidence& went;

  std::string operator()(const RestartStep& /*step*/) const {
    return after.clients_started > before.clients_started ? "" : "no new client was started";
  }
  std::string operator()(const TamperStep& step) const {
    const bool is_seen_later = step.action.contains("saving");
    return is_seen_later || after.storage != before.storage ? "" : "the stored files are what they were";
  }
  std::string operator()(const IssuerStep& /*step*/) const {
    const bool changed = after.issuer_state != before.issuer_state || after.script_steps != before.script_steps;
    return changed ? "" : "nothing changed at the issuer";
  }
  std::string operator()(const StepWallStep& step) const {
    constexpr oidc::Duration kJitter{500};
    const oidc::Duration moved = after.wall_ahead - before.wall_ahead;
    return moved > step.by - kJitter && moved < step.by + kJitter ? "" : "the wall clock was not set";
  }
  std::string operator()(const ParallelStep& step) const {
    return went.results.size() >= step.count ? ""
                                             : fmt::format("{} of {} calls were made", went.results.size(), step.count);
  }
  template <class Other>
  std::string operator()(const Other& /*step*/) const {
    return "";
  }
};

}  // namespace

std::string missing_effect(const StepAction& action, const Footprint& before, const Footprint& after,
                           const StepEvidence& went) {
  return std::visit(Effects{before, after, went}, action);
}

bool leaves_a_mark(const StepAction& action) {
  return !std::holds_alternative<DoStep>(action) && !std::holds_alternative<AdvanceStep>(action) &&
         !std::holds_alternative<DeviceStep>(action);
}

}  // namespace scenarios
