#include "checks/causes.hpp"

#include <algorithm>
#include <array>

#include "checks/check.hpp"

namespace scenarios {
namespace {

/// Operations after which the client is what it was before.
constexpr std::array<std::string_view, 3> kWithoutConsequences{"validate", "introspect", "userinfo"};

bool may_change_the_session(const ScenarioStep& step) {
  const auto* call = std::get_if<DoStep>(&step.action);
  return call == nullptr || std::ranges::find(kWithoutConsequences, call->op) == kWithoutConsequences.end();
}

std::string deviation_of(const ScenarioStep& step, const StepEvidence& went, const Evidence& evidence) {
  if (went.skipped) {
    return "";
  }
  if (!went.ran) {
    return "did not take place";
  }
  if (!went.obstacle.empty()) {
    return went.obstacle;
  }
  const bool planned = step.any_result || went.results.empty();
  const std::vector<ResultExpectation> success{ResultExpectation{}};
  const Judgement judgement = judge_results(step.has_expectation() ? step.expect : success, went.results, evidence);
  const bool as_planned = judgement.answer == Answer::kKept || judgement.answer == Answer::kUntold ||
                          judgement.answer == Answer::kOtherError;
  return as_planned || (planned && !is_error(judgement.answer)) ? "" : "gave " + judgement.observed;
}

}  // namespace

Causes::Causes(const Scenario& scenario, const Evidence& evidence) : scenario_{scenario}, evidence_{evidence} {
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const StepEvidence went = i < evidence.steps.size() ? evidence.steps[i] : StepEvidence{};
    deviations_.push_back(deviation_of(scenario.steps[i], went, evidence));
  }
}

Cause Causes::of_steps_before(std::size_t end) const {
  for (std::size_t i = 0; i < std::min(end, deviations_.size()); ++i) {
    if (!deviations_[i].empty() && may_change_the_session(scenario_.steps[i])) {
      return {scenario_.steps[i].judged.id, deviations_[i]};
    }
  }
  return {};
}

Cause Causes::of_script() const {
  return evidence_.undelivered.empty() ? Cause{}
                                       : Cause{evidence_.undelivered.front(), "it was scripted and did not take place"};
}

Cause Causes::of_named(const std::vector<std::string>& ids) const {
  for (const std::string& id : ids) {
    const auto step = std::ranges::find(scenario_.steps, id, [](const ScenarioStep& one) { return one.judged.id; });
    const auto index = static_cast<std::size_t>(step - scenario_.steps.begin());
    if (step != scenario_.steps.end() && !deviations_[index].empty()) {
      return {id, deviations_[index]};
    }
    if (std::ranges::find(evidence_.undelivered, id) != evidence_.undelivered.end()) {
      return {id, "it was scripted and did not take place"};
    }
  }
  return {};
}

Cause Causes::of_step(std::size_t index) const {
  const auto& rests_on = scenario_.steps[index].judged.rests_on;
  if (rests_on) {
    return of_named(*rests_on);
  }
  const Cause before = of_steps_before(index);
  return before.id.empty() ? of_script() : before;
}

Cause Causes::of_check(const Check& check) const {
  if (check.judged.rests_on) {
    return of_named(*check.judged.rests_on);
  }
  const bool of_one_step = check.body.is_object() && check.body.contains("during");
  const std::size_t end = of_one_step ? check.body["during"].get<std::size_t>() : deviations_.size();
  const Cause step = of_steps_before(end);
  return step.id.empty() ? of_script() : step;
}

}  // namespace scenarios
