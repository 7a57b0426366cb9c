#include "conformance/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "oidc/clean_text.hpp"
#include "report/text.hpp"

namespace conformance {
namespace {

using scenarios::CheckResult;
using scenarios::Outcome;
using scenarios::Scenario;
using Result = FaultRun::Result;

constexpr const char* kNoFault = "(none)";

std::string_view to_string(Result result) {
  switch (result) {
    case Result::kCaught:
      return "caught";
    case Result::kCollateral:
      return "COLLATERAL";
    case Result::kSilent:
      return "SILENT";
    case Result::kBroken:
      return "BROKEN";
  }
  return "BROKEN";
}

/// The first check with a verdict that `fits`, as "check: observed".
template <typename Predicate>
std::string first_check(const Outcome& outcome, Predicate fits) {
  const auto found = std::ranges::find_if(outcome.checks, fits);
  return found == outcome.checks.end() ? "" : found->check + ": " + oidc::clean_line(found->observed, 160);
}

/// The scenario without any fault: it must pass, or a catch would prove nothing.
std::optional<FaultRun> control(scenarios::Runner& runner, const Scenario& scenario) {
  const Outcome outcome = runner.run(scenario);
  if (outcome.verdict() == scenarios::Verdict::kPass) {
    return std::nullopt;
  }
  FaultRun run{kNoFault, scenario.id, "", Result::kBroken, ""};
  run.detail = fmt::format(
      "{} without a fault; {}", scenarios::to_string(outcome.verdict()),
      first_check(outcome, [](const CheckResult& check) { return check.verdict != scenarios::Verdict::kPass; }));
  return run;
}

oidc::Error nothing_to_run() {
  return {oidc::Errc::kInvalidArgument, "no scenario here says which faulty client it catches"};
}

}  // namespace

FaultRun classified(FaultRun run, const Outcome& outcome) {
  using scenarios::Verdict;
  const auto is_charged = [](const CheckResult& check) {
    return check.verdict == Verdict::kFail || check.verdict == Verdict::kWarn || check.verdict == Verdict::kAdvice;
  };
  const auto failed = [](const CheckResult& check) { return is_problem(check.verdict); };
  const auto named = [&run](const CheckResult& check) { return check.check == run.check; };
  if (scenarios::is_error(outcome.verdict())) {
    run.result = Result::kBroken;
    run.detail = first_check(outcome, [](const CheckResult& check) { return scenarios::is_error(check.verdict); });
  } else if (outcome.verdict() == scenarios::Verdict::kUnsupported) {
    run.result = Result::kBroken;
    run.detail = "the client does not support this scenario";
  } else if (std::ranges::any_of(outcome.checks,
                                 [&](const CheckResult& check) { return named(check) && is_charged(check); })) {
    run.result = Result::kCaught;
    run.detail = first_check(outcome, named);
  } else if (std::ranges::any_of(outcome.checks, failed)) {
    run.result = Result::kCollateral;
    run.detail = first_check(outcome, failed);
  } else {
    run.result = Result::kSilent;
    run.detail = "every check passed";
  }
  return run;
}

oidc::Result<std::vector<FaultRun>> run_faults(const std::vector<Scenario>& library,
                                               const std::vector<std::string>& command,
                                               const scenarios::RunSettings& settings) {
  std::vector<FaultRun> runs;
  std::set<std::string> faults;
  const auto correct = scenarios::make_pipe_factory(command);
  auto runner = scenarios::Runner::create(*correct, settings);
  if (!runner) {
    return std::move(runner).error();
  }
  for (const Scenario& scenario : library) {
    if (scenario.catches.empty()) {
      continue;
    }
    if (auto failed = control(**runner, scenario)) {
      runs.push_back(*std::move(failed));
    }
    for (const auto& [fault, check] : scenario.catches) {
      faults.insert(fault);
    }
  }
  if (faults.empty()) {
    return nothing_to_run();
  }
  for (const std::string& fault : faults) {
    std::vector<std::string> faulty_command = command;
    faulty_command.insert(faulty_command.end(), {"--fault", fault});
    const auto faulty = scenarios::make_pipe_factory(faulty_command);
    auto faulty_runner = scenarios::Runner::create(*faulty, settings);
    if (!faulty_runner) {
      return std::move(faulty_runner).error();
    }
    for (const Scenario& scenario : library) {
      if (const auto promise = scenario.catches.find(fault); promise != scenario.catches.end()) {
        runs.push_back(classified({fault, scenario.id, promise->second}, (*faulty_runner)->run(scenario)));
      }
    }
  }
  return runs;
}

std::string to_terminal(const std::vector<FaultRun>& runs) {
  std::size_t fault_width = 5;
  std::size_t scenario_width = 8;
  for (const FaultRun& run : runs) {
    fault_width = std::max(fault_width, run.fault.size());
    scenario_width = std::max(scenario_width, run.scenario.size());
  }
  std::string text =
      fmt::format("{:{}}  {:{}}  {:10}  {}\n", "FAULT", fault_width, "SCENARIO", scenario_width, "RESULT", "CHECK");
  std::set<std::string> faults;
  std::size_t counts[4] = {};
  for (const FaultRun& run : runs) {
    text += fmt::format("{:{}}  {:{}}  {:10}  {}\n", run.fault, fault_width, run.scenario, scenario_width,
                        to_string(run.result), run.check);
    if (run.result != Result::kCaught) {
      text += fmt::format("{:{}}  {}\n", "", fault_width, oidc::clean_line(run.detail, 300));
    }
    ++counts[static_cast<std::size_t>(run.result)];
    if (run.fault != kNoFault) {
      faults.insert(run.fault);
    }
  }
  text += fmt::format(
      "{} faulty clients in {} runs: {} caught by the named check, {} collateral, {} silent, {} broken: {}\n",
      faults.size(), runs.size(), counts[0], counts[1], counts[2], counts[3],
      exit_code(runs) == 0 ? "every fault is caught" : "NOT every fault is caught");
  return text;
}

int exit_code(const std::vector<FaultRun>& runs) {
  if (runs.empty()) {
    return 2;
  }
  const auto is = [&runs](Result result) {
    return std::ranges::any_of(runs, [result](const FaultRun& run) { return run.result == result; });
  };
  return is(Result::kBroken) ? 4 : is(Result::kCollateral) || is(Result::kSilent) ? 1 : 0;
}

}  // namespace conformance
