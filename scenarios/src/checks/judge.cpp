#include <algorithm>
#include <array>

#include "checks/check.hpp"

namespace scenarios {
namespace {

/// A new kind of check is a file beside this one, a line here, and its form in the schema.
constexpr std::array<CheckKind, 5> kKinds = {
    CheckKind{"requests", judge_requests}, CheckKind{"order", judge_order},   CheckKind{"storage", judge_storage},
    CheckKind{"time", judge_time},         CheckKind{"tokens", judge_tokens},
};

Judgement judge_check(const Check& check, const Evidence& evidence) {
  const auto kind = std::ranges::find(kKinds, check.kind, &CheckKind::name);
  if (kind == kKinds.end()) {
    return {Verdict::kErrorHarness, "", "there is no check of kind \"" + check.kind + "\""};
  }
  return kind->judge(check.body, evidence);
}

CheckResult to_result(const std::string& id, const std::string& statement, const std::string& because, bool should,
                      Judgement judgement) {
  const bool warn = should && judgement.verdict == Verdict::kFail;
  return {id,
          statement,
          warn ? Verdict::kWarn : judgement.verdict,
          because,
          std::move(judgement.expected),
          std::move(judgement.observed),
          std::move(judgement.exchanges)};
}

/// Judges the steps; the first one that broke down or could not take place is reported even
/// if nothing was expected of it.
std::vector<CheckResult> judge_steps(const Scenario& scenario, const Evidence& evidence) {
  std::vector<CheckResult> results;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const ScenarioStep& step = scenario.steps[i];
    const StepEvidence went = i < evidence.steps.size() ? evidence.steps[i] : StepEvidence{};
    if (step.expect) {
      Judgement judgement{Verdict::kNotReached, "", "an earlier step broke down"};
      if (went.ran) {
        judgement = judge_results(*step.expect, went.results, evidence);
      }
      results.push_back(to_result(step.check, step.statement, step.because, step.should, std::move(judgement)));
    } else if (went.ran && !went.results.empty()) {
      const Judgement judgement = judge_results({}, went.results, evidence);
      if (is_error(judgement.verdict)) {
        results.push_back(to_result("step-" + std::to_string(i + 1), "", step.because, false, judgement));
      }
    }
    if (!went.obstacle.empty()) {
      results.push_back(to_result("step-" + std::to_string(i + 1), "", step.because, false,
                                  {Verdict::kNotReached, "the step takes place", went.obstacle}));
    }
  }
  return results;
}

/// The first witness that does not hold, in words; "" if all do.
std::string missing_witness(const Scenario& scenario, const Evidence& evidence) {
  for (const StepEvidence& step : evidence.steps) {
    if (!step.obstacle.empty()) {
      return step.obstacle;
    }
  }
  for (const Check& witness : scenario.reached) {
    const Judgement judgement = judge_check(witness, evidence);
    if (judgement.verdict != Verdict::kPass) {
      return "expected " + judgement.expected + ", observed " + judgement.observed;
    }
  }
  return "";
}

/// Every check of the scenario, for a reason that holds for all of them.
std::vector<CheckResult> all_alike(const Scenario& scenario, Verdict verdict, const std::string& why) {
  std::vector<CheckResult> results;
  for (const ScenarioStep& step : scenario.steps) {
    if (step.expect) {
      results.push_back({step.check, step.statement, verdict, step.because, "", why, {}});
    }
  }
  for (const Check& check : scenario.checks) {
    results.push_back({check.id, check.statement, verdict, check.because, "", why, {}});
  }
  return results;
}

}  // namespace

std::vector<CheckResult> judge(const Scenario& scenario, const Evidence& evidence) {
  if (!evidence.unsupported.empty()) {
    return all_alike(scenario, Verdict::kUnsupported, evidence.unsupported);
  }
  if (!evidence.started) {
    auto results = all_alike(scenario, Verdict::kNotReached, "the client did not start");
    for (const CheckResult& result : judge_implicit(evidence)) {  // it may have got as far as printing a secret
      if (result.verdict != Verdict::kPass && result.check != "every-step-delivered") {
        results.push_back(result);
      }
    }
    return results;
  }
  std::vector<CheckResult> results = judge_steps(scenario, evidence);
  for (const Check& check : scenario.checks) {
    results.push_back(to_result(check.id, check.statement, check.because, check.should, judge_check(check, evidence)));
  }
  if (const std::string missing = missing_witness(scenario, evidence); !missing.empty()) {
    for (CheckResult& result : results) {
      if (result.verdict == Verdict::kPass) {
        result.verdict = Verdict::kNotReached;
        result.observed = "the situation did not come about: " + missing;
      }
    }
  }
  const auto implicit = judge_implicit(evidence);
  results.insert(results.end(), implicit.begin(), implicit.end());
  return results;
}

}  // namespace scenarios
