#include <fmt/format.h>

#include <algorithm>

#include "conformance/report.hpp"
#include "report/text.hpp"

namespace conformance {

using scenarios::Verdict;

Counts count(const Report& report) {
  Counts counts;
  for (const scenarios::Outcome& outcome : report.outcomes) {
    ++counts.scenarios;
    counts.virtual_time += outcome.virtual_time;
    switch (outcome.verdict()) {
      case Verdict::kPass:
        ++counts.pass;
        break;
      case Verdict::kFail:
        ++counts.fail;
        break;
      case Verdict::kWarn:
        ++counts.warn;
        break;
      case Verdict::kObserved:
        ++counts.observed;
        break;
      case Verdict::kNotReached:
        ++counts.not_reached;
        break;
      case Verdict::kUnsupported:
        ++counts.unsupported;
        break;
      case Verdict::kErrorSut:
      case Verdict::kErrorAdapter:
      case Verdict::kErrorHarness:
        ++counts.error;
        break;
      case Verdict::kXfail:
        ++counts.xfail;
        break;
      case Verdict::kXpass:
        ++counts.xpass;
        break;
    }
  }
  return counts;
}

int exit_code(const Report& report) {
  if (report.outcomes.empty()) {
    return 2;  // no work is never a pass
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
    } else if (is_unexpected(verdict)) {
      raise(1);
    }
  }
  const Counts counts = count(report);
  if (counts.unsupported == counts.scenarios) {
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
