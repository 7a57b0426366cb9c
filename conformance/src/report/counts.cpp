#include <fmt/format.h>

#include <algorithm>

#include "conformance/report.hpp"
#include "report/text.hpp"

namespace conformance {

using scenarios::Verdict;

namespace {

/// The counter of a verdict.
std::size_t Counts::*counter_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return &Counts::pass;
    case Verdict::kFail:
      return &Counts::fail;
    case Verdict::kWarn:
      return &Counts::warn;
    case Verdict::kAdvice:
      return &Counts::advice;
    case Verdict::kObserved:
      return &Counts::observed;
    case Verdict::kNotReached:
      return &Counts::not_reached;
    case Verdict::kNotApplicable:
      return &Counts::not_applicable;
    case Verdict::kUnsupported:
      return &Counts::unsupported;
    case Verdict::kXfail:
      return &Counts::xfail;
    case Verdict::kXpass:
      return &Counts::xpass;
    case Verdict::kErrorSut:
    case Verdict::kErrorAdapter:
    case Verdict::kErrorHarness:
      break;
  }
  return &Counts::error;
}

/// True for what says nothing of the client: that one check was not reached takes nothing from what another says.
bool is_silent(Verdict verdict) {
  return verdict == Verdict::kNotApplicable || verdict == Verdict::kUnsupported || verdict == Verdict::kNotReached ||
         verdict == Verdict::kObserved;
}

Verdict weightier(Verdict a, Verdict b) {
  if (is_silent(a) != is_silent(b)) {
    return is_silent(a) ? b : a;
  }
  return scenarios::worse_of(a, b);
}

}  // namespace

Counts count(const Report& report) {
  Counts counts;
  for (const scenarios::Outcome& outcome : report.outcomes) {
    ++counts.scenarios;
    counts.virtual_time += outcome.virtual_time;
    ++(counts.*counter_of(outcome.verdict()));
  }
  return counts;
}

std::map<std::string, StatementVerdict> judge_statements(const Report& report) {
  std::map<std::string, StatementVerdict> judgements;
  for (const scenarios::Outcome& outcome : report.outcomes) {
    for (const scenarios::CheckResult& check : outcome.checks) {
      if (!check.statement.empty()) {
        StatementVerdict& judgement = judgements[check.statement];
        judgement.scenarios.insert(outcome.scenario->id);
        judgement.verdict = weightier(judgement.verdict, check.verdict);
      }
    }
  }
  return judgements;
}

bool is_unexpected(const Report& report, Verdict verdict) {
  switch (verdict) {
    case Verdict::kWarn:
      return report.strict;
    case Verdict::kNotReached:
      return report.strict || !report.expect.empty();
    default:
      return scenarios::worse_of(Verdict::kXpass, verdict) == verdict;
  }
}

bool is_unexpected(const Report& report, const scenarios::Outcome& outcome) {
  return is_unexpected(report, outcome.verdict()) ||
         std::ranges::any_of(outcome.checks,
                             [&](const scenarios::CheckResult& check) { return is_unexpected(report, check.verdict); });
}

bool has_judged(const Report& report) {
  const auto says_something = [](const scenarios::CheckResult& check) {
    switch (check.verdict) {
      case Verdict::kPass:
        return std::ranges::find(scenarios::implicit_checks(), check.check, &scenarios::ImplicitCheck::id) ==
               scenarios::implicit_checks().end();
      case Verdict::kFail:
      case Verdict::kWarn:
      case Verdict::kAdvice:
      case Verdict::kXfail:
      case Verdict::kXpass:
        return true;
      default:
        return false;
    }
  };
  return std::ranges::any_of(report.outcomes, [&](const scenarios::Outcome& outcome) {
    return std::ranges::any_of(outcome.checks, says_something);
  });
}

int exit_code(const Report& report) {
  if (report.outcomes.empty()) {
    const bool is_empty_part = !report.shard.empty() && !report.expect.empty();
    return is_empty_part ? 0 : 2;  // no work is never a pass by itself
  }
  int code = 0;
  const auto raise = [&code](int to) {
    // The harness' own fault outweighs everything, a broken client what it made others look like.
    code = std::max(code, to == 3 ? 5 : to);
  };
  for (const scenarios::Outcome& outcome : report.outcomes) {
    const Verdict verdict = outcome.verdict();
    if (verdict == Verdict::kErrorHarness) {
      raise(3);
    } else if (scenarios::is_error(verdict)) {
      raise(4);
    } else if (is_unexpected(report, outcome)) {
      raise(1);
    }
  }
  if (!has_judged(report) && report.expect.empty()) {
    raise(1);
  }
  return code == 5 ? 3 : code;
}

std::string reproduce_command(const Report& report, const scenarios::Outcome& outcome) {
  const auto& scenario = *outcome.scenario;
  const bool own = !report.library.empty() && !scenario.file.starts_with(report.library + "/");
  std::string command = "assay run " + (own ? scenario.file : scenario.id);
  if (outcome.transport != scenarios::Transport::kDirect) {
    command += fmt::format(" --transport {}", scenarios::to_string(outcome.transport));
  }
  if (!report.command.empty()) {
    command += " " + report.command;
  }
  return report.expect.empty() ? command : command + " --expect " + shell_word(report.expect);
}

}  // namespace conformance
