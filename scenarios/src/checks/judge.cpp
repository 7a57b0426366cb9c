#include <algorithm>
#include <array>

#include "checks/check.hpp"
#include "checks/decide.hpp"

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
    return {Answer::kErrorHarness, "", "there is no check of kind \"" + check.kind + "\""};
  }
  return kind->judge(check.body, evidence);
}

/// A step that nothing is expected of is told only if the rest was not tested because of it.
bool is_worth_telling(const ScenarioStep& step, const StepEvidence& went, const Judgement& judgement,
                      const std::string& deviation) {
  return step.has_expectation() || is_error(judgement.answer) || (went.ran && !deviation.empty());
}

void judge_steps(const Scenario& scenario, const Evidence& evidence, const Causes& causes, const Bench& bench,
                 std::vector<CheckResult>& results) {
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const ScenarioStep& step = scenario.steps[i];
    const StepEvidence went = i < evidence.steps.size() ? evidence.steps[i] : StepEvidence{};
    const std::vector<ResultExpectation> success{ResultExpectation{}};
    Judgement judgement = judge_results(step.has_expectation() ? step.expect : success, went.results, evidence);
    if (!is_worth_telling(step, went, judgement, causes.deviation(i))) {
      continue;
    }
    Cause cause = causes.of_step(i);
    if (cause.id.empty() && !went.obstacle.empty()) {
      judgement = {Answer::kNoEvidence, "the step takes place", went.obstacle};
    } else if (!step.has_expectation() && !is_error(judgement.answer)) {
      judgement.answer = Answer::kNoEvidence;  // nobody stated that it must succeed: told, not charged
    }
    results.push_back(decide(step.judged, std::move(judgement), cause, bench));
  }
}

/// The first witness that does not hold, in words; "" if all do.
std::string missing_witness(const Scenario& scenario, const Evidence& evidence) {
  for (const Check& witness : scenario.reached) {
    const Judgement judgement = judge_check(witness, evidence);
    if (judgement.answer != Answer::kKept) {
      return "expected " + judgement.expected + ", observed " + judgement.observed;
    }
  }
  return "";
}

/// Every check of the scenario, for a reason that holds for all of them.
std::vector<CheckResult> all_alike(const Scenario& scenario, Verdict verdict, const std::string& why) {
  std::vector<CheckResult> results;
  const auto add = [&](const Judged& judged) {
    const std::string statement = judged.statements.empty() ? "" : judged.statements.front();
    results.push_back({judged.id, statement, verdict, judged.because, "", why, {}});
  };
  for (const ScenarioStep& step : scenario.steps) {
    if (step.has_expectation()) {
      add(step.judged);
    }
  }
  for (const Check& check : scenario.checks) {
    add(check.judged);
  }
  return results;
}

/// `cause` is the check that says why nothing was run.
std::vector<CheckResult> none_reached(const Scenario& scenario, const std::string& cause) {
  auto results =
      all_alike(scenario, Verdict::kNotReached,
                cause == "start" ? "the client did not start" : "the session that it begins with is not there");
  for (CheckResult& result : results) {
    result.cause = cause;
  }
  return results;
}

/// What was said although the situation did not come about is taken back.
void take_back(const std::string& missing, std::vector<CheckResult>& results) {
  for (CheckResult& result : results) {
    const bool is_said = result.verdict == Verdict::kPass || result.verdict == Verdict::kFail ||
                         result.verdict == Verdict::kWarn || result.verdict == Verdict::kAdvice;
    if (is_said) {
      result.verdict = Verdict::kNotReached;
      result.observed = "the situation did not come about: " + missing;
    }
  }
}

std::vector<CheckResult> judge_what_ran(const Scenario& scenario, const Evidence& evidence, const Bench& bench) {
  std::vector<CheckResult> results;
  const Causes causes{scenario, evidence};
  judge_steps(scenario, evidence, causes, bench, results);
  for (const Check& check : scenario.checks) {
    results.push_back(decide(check.judged, judge_check(check, evidence), causes.of_check(check), bench));
  }
  if (const std::string missing = missing_witness(scenario, evidence); !missing.empty()) {
    take_back(missing, results);
  }
  return results;
}

}  // namespace

std::vector<CheckResult> judge_unsupported(const Scenario& scenario, const std::string& why) {
  return all_alike(scenario, Verdict::kUnsupported, why);
}

std::vector<CheckResult> judge_without_client(const Scenario& scenario, const Broken& how) {
  auto results = none_reached(scenario, "start");
  const bool by_sut = how.who == Broken::Who::kSut;
  results.insert(
      results.begin(),
      {"start", "", by_sut ? Verdict::kErrorSut : Verdict::kErrorAdapter, "", "the client starts", how.what, {}});
  return results;
}

std::vector<CheckResult> judge(const Scenario& scenario, const Evidence& evidence, const Rules& rules) {
  if (!evidence.unsupported.empty()) {
    return all_alike(scenario, Verdict::kUnsupported, evidence.unsupported);
  }
  const Bench bench{rules, scenario.own_statements, {evidence.hello, evidence.exchanges}};
  const bool started = evidence.not_started.empty();
  std::vector<CheckResult> results =
      started ? judge_what_ran(scenario, evidence, bench) : none_reached(scenario, evidence.not_started);
  for (CheckResult& result : judge_implicit(evidence, bench)) {
    // A client that did not start may have got as far as printing a secret, and no further.
    if (started || (result.verdict != Verdict::kPass && result.verdict != Verdict::kNotApplicable)) {
      results.push_back(std::move(result));
    }
  }
  return results;
}

}  // namespace scenarios
