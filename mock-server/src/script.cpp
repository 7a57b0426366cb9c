#include "mockserver/script.hpp"

#include <algorithm>

#include "embedded.hpp"
#include "schema_check.hpp"

namespace mockserver {
namespace {

When read_when(const oidc::Json& json) {
  When when;
  when.endpoint = json.value("endpoint", "");
  when.grant = json.value("grant", "");
  when.client = json.value("client", "");
  when.nth = json.value("nth", std::size_t{0});
  return when;
}

bool fits(const When& when, const RequestFacts& request) {
  return (when.endpoint.empty() || when.endpoint == request.endpoint) &&
         (when.grant.empty() || when.grant == request.grant) && (when.client.empty() || when.client == request.client);
}

bool is_json(const oidc::Json& body) {
  return !body.is_string() || oidc::parse_json(body.get<std::string>());
}

oidc::Status refuse_beside(const oidc::Json& action, std::string_view verb, std::string_view replacing,
                           const std::string& why) {
  if (!action.contains(verb) || !action.contains(replacing)) {
    return oidc::Done{};
  }
  return oidc::Error{oidc::Errc::kBadInput,
                     "/do/" + std::string{verb} + ": has no effect beside \"" + std::string{replacing} + "\", " + why};
}

/// A connection breaks in one way.
oidc::Status check_faults(const oidc::Json& action) {
  std::string_view first;
  for (const char* fault : {"drop", "commit_then_drop", "reset", "empty", "truncate", "bad_chunk", "hang", "restart"}) {
    if (!action.contains(fault)) {
      continue;
    }
    if (!first.empty()) {
      return refuse_beside(action, fault, first, "which breaks the connection already");
    }
    first = fault;
  }
  for (const char* replacing : {"error", "status", "body"}) {
    if (const auto checked = refuse_beside(action, "commit_then_drop", replacing, "which commits nothing"); !checked) {
      return checked;
    }
  }
  return oidc::Done{};
}

/// Verbs whose effect another verb of the same step makes impossible.
oidc::Status check_combination(const oidc::Json& action) {
  if (const auto checked = check_faults(action); !checked) {
    return checked;
  }
  for (const char* replacing : {"error", "status", "body"}) {
    for (const char* verb : {"claims", "header", "sign", "slow_down"}) {
      if (const auto checked = refuse_beside(action, verb, replacing, "which answers instead of processing");
          !checked) {
        return checked;
      }
    }
  }
  for (const char* verb : {"patch", "omit"}) {
    const auto body = action.find("body");
    if (body != action.end() && !is_json(*body)) {
      if (const auto checked = refuse_beside(action, verb, "body", "which is no JSON"); !checked) {
        return checked;
      }
    }
    if (body == action.end() && !action.contains("error")) {
      if (const auto checked = refuse_beside(action, verb, "status", "whose reply is empty"); !checked) {
        return checked;
      }
    }
  }
  return oidc::Done{};
}

}  // namespace

oidc::Result<Step> parse_step(const oidc::Json& json, std::size_t position) {
  static const oidc::Schema kSchema = embedded_schema(assay::embedded::step_schema_json_text);
  if (const auto checked = check_schema(kSchema, json); !checked) {
    return checked.error();
  }
  // The schema has settled every type, so that nothing below can throw.
  Step step;
  step.id = json.value("id", "step-" + std::to_string(position));
  step.when = json.contains("when") ? read_when(json["when"]) : When{};
  if (json.contains("times")) {
    const auto& times = json["times"];
    step.times = times.is_string() ? std::nullopt : std::optional{times.get<std::size_t>()};
  }
  step.optional = json.value("optional", false);
  step.action = json["do"];
  if (const auto barrier = step.action.find("barrier");
      barrier != step.action.end() && step.times && *step.times < (*barrier)["n"].get<std::size_t>()) {
    return oidc::Error{oidc::Errc::kBadInput, "/do/barrier/n: the step takes fewer requests than that; set \"times\""};
  }
  if (const auto checked = check_combination(step.action); !checked) {
    return checked.error();
  }
  return step;
}

void Script::add(Step step) {
  const std::scoped_lock lock{mutex_};
  steps_.push_back({std::move(step)});
}

bool Script::remove(std::string_view id) {
  const std::scoped_lock lock{mutex_};
  return std::erase_if(steps_, [&](const StepState& state) { return state.step.id == id; }) > 0;
}

void Script::clear() {
  const std::scoped_lock lock{mutex_};
  steps_.clear();
}

std::optional<Step> Script::take(const RequestFacts& request) {
  const std::scoped_lock lock{mutex_};
  StepState* taken = nullptr;
  for (auto& state : steps_) {
    if (!fits(state.step.when, request)) {
      continue;
    }
    ++state.seen;  // also behind a step that is taken: `nth` counts requests, not leftovers
    if (taken == nullptr && !state.spent() && state.seen >= state.step.when.nth) {
      taken = &state;
    }
  }
  if (taken == nullptr) {
    return std::nullopt;
  }
  ++taken->taken;
  ++taken->delivered;
  return taken->step;
}

void Script::withdraw(std::string_view id) {
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find_if(steps_, [&](const StepState& state) { return state.step.id == id; });
  if (found != steps_.end() && found->delivered > 0) {  // it may have been removed, and come back, meanwhile
    --found->delivered;
  }
}

bool Script::StepState::undelivered() const {
  return !step.optional && delivered < step.times.value_or(1);
}

std::vector<Script::StepState> Script::states() const {
  const std::scoped_lock lock{mutex_};
  return steps_;
}

}  // namespace mockserver
