#include "runner/effects.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oidc/json.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

// A client whose files had the mode already is put to the same test: what counts is how its next save finds them.
bool all_have_mode(const StorageSnapshot& storage, const std::string& mode) {
  const StorageSnapshot files = without_empty(storage);
  return !files.empty() &&
         std::all_of(files.begin(), files.end(), [&](const auto& file) { return file.second.mode == mode; });
}

struct Effects {
  const Footprint& before;
  const Footprint& after;
  const StepEvidence& went;

  std::string operator()(const RestartStep& /*step*/) const {
    return after.clients_started > before.clients_started ? "" : "no new client was started";
  }
  std::string operator()(const TamperStep& step) const {
    const bool is_seen_later = step.action.contains("saving");
    if (const auto mode = oidc::string_member(step.action, "mode"); mode && all_have_mode(after.storage, *mode)) {
      return "";
    }
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
