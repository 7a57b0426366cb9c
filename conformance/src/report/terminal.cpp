#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "conformance/report.hpp"
#include "oidc/clean_text.hpp"
#include "report/text.hpp"

namespace conformance {
namespace {

using Out = std::back_insert_iterator<std::string>;
using oidc::clean_line;
using scenarios::CheckResult;
using scenarios::Outcome;
using scenarios::Verdict;

void write_header(const Report& report, Out out) {
  fmt::format_to(out, "assay {}  {} scenarios (library {})  client {}  transport {}{}\n", report.assay_version,
                 report.outcomes.size(), report.library_hash, clean_line(report.client),
                 scenarios::to_string(report.transport), report.shard.empty() ? "" : "  shard " + report.shard);
}

/// How a folder of the library did, in one word or two.
void write_progress(const Report& report, Out out) {
  struct Group {
    std::size_t total = 0, good = 0, unsupported = 0;
  };
  std::map<std::string, Group> groups;
  for (const Outcome& outcome : report.outcomes) {
    Group& group = groups[group_of(outcome.scenario->id)];
    ++group.total;
    const Verdict verdict = outcome.verdict();
    const bool judged = verdict != Verdict::kUnsupported && verdict != Verdict::kNotApplicable;
    group.good += judged && verdict != Verdict::kNotReached && !is_unexpected(report, outcome) ? 1U : 0U;
    group.unsupported += judged ? 0U : 1U;
  }
  std::string line;
  for (const auto& [name, group] : groups) {
    line += fmt::format("  {} {}/{}", name, group.good, group.total - group.unsupported);
    if (group.unsupported > 0) {
      line += fmt::format(" (+{} not judged)", group.unsupported);
    }
  }
  fmt::format_to(out, "{}\n", line);
}

void write_problem(const Report& report, const Outcome& outcome, const CheckResult& check, Out out) {
  const scenarios::Statement* statement = find_statement(report, check.statement);
  std::string place;
  if (!check.statement.empty()) {
    place = "  " + check.statement +
            (statement == nullptr ? "" : fmt::format(" {}", scenarios::to_string(statement->level)));
  }
  fmt::format_to(out, "{} {}  {}{}\n", scenarios::to_string(check.verdict), outcome.scenario->id, check.check, place);
  if (!check.expected.empty()) {
    fmt::format_to(out, "     expected  {}{}\n", clean_line(check.expected),
                   check.because.empty() ? "" : "  (" + clean_line(check.because) + ")");
  }
  const std::string exchanges = describe_exchanges(outcome, check);
  fmt::format_to(out, "     observed  {}{}\n", clean_line(check.observed), exchanges.empty() ? "" : "  " + exchanges);
  if (statement != nullptr) {
    fmt::format_to(out, "     source    {}  \"{}\"\n", clean_line(statement->source), clean_line(statement->text));
  }
}

/// Worth telling by itself: not what only follows from something that is told.
bool stands_alone(const Outcome& outcome, const CheckResult& check) {
  const bool follows = check.verdict == Verdict::kNotReached && (!outcome.client_started || !check.cause.empty());
  return is_problem(check.verdict) && !follows;
}

/// "a, b and 3 more".
std::string names_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) {
    text += (text.empty() ? "" : ", ") + names[i];
  }
  return names.size() > kShown ? fmt::format("{} and {} more", text, names.size() - kShown) : text;
}

/// What was not put to the test, by its cause, each told once.
void write_consequences(const Outcome& outcome, Out out) {
  std::map<std::string, std::vector<std::string>> by_cause;
  std::map<std::string, std::string> how;
  for (const CheckResult& check : outcome.checks) {
    if (check.verdict == Verdict::kNotReached && !check.cause.empty()) {
      by_cause[check.cause].push_back(check.check);
      how[check.cause] = check.observed;
    }
  }
  for (const auto& [cause, checks] : by_cause) {
    fmt::format_to(out, "NOT_REACHED {}  {}\n     {}\n", outcome.scenario->id, names_of(checks),
                   clean_line(how[cause]));
  }
}

/// The checks that are not as they should be, and how to see them again.
void write_problems(const Report& report, const Outcome& outcome, Out out) {
  bool any = false;
  for (const CheckResult& check : outcome.checks) {
    if (stands_alone(outcome, check)) {
      write_problem(report, outcome, check, out);
      any = true;
    }
  }
  write_consequences(outcome, out);
  if (!any && is_unexpected(report, outcome.verdict()) && outcome.checks.empty()) {
    fmt::format_to(out, "{} {}  no check explains this\n", scenarios::to_string(outcome.verdict()),
                   outcome.scenario->id);
  }
  if (is_problem(outcome.verdict())) {
    fmt::format_to(out, "     again     {}\n", clean_line(reproduce_command(report, outcome)));
  }
}

void write_checks(const Outcome& outcome, Out out) {
  fmt::format_to(out, "{} {}: {}\n", scenarios::to_string(outcome.verdict()), outcome.scenario->id,
                 clean_line(outcome.scenario->title));
  for (const CheckResult& check : outcome.checks) {
    fmt::format_to(out, "     {:12} {}{}\n", scenarios::to_string(check.verdict), check.check,
                   check.statement.empty() ? "" : "  " + check.statement);
  }
}

/// Why the client did not start; "" if it did.
std::string start_problem(const Outcome& outcome) {
  const auto check = std::ranges::find_if(
      outcome.checks, [](const CheckResult& result) { return scenarios::is_error(result.verdict); });
  return outcome.client_started || check == outcome.checks.end() ? "" : check->observed;
}

/// A client that does not start for the same reason again and again is told once.
void write_outcomes(const Report& report, bool verbose, Out out) {
  std::map<std::string, std::size_t> alike;
  for (const Outcome& outcome : report.outcomes) {
    ++alike[start_problem(outcome)];
  }
  std::set<std::string> told;
  for (const Outcome& outcome : report.outcomes) {
    if (verbose) {
      write_checks(outcome, out);
    }
    const std::string why = start_problem(outcome);
    if (!why.empty() && !told.insert(why).second) {
      continue;
    }
    write_problems(report, outcome, out);
    if (!why.empty() && alike[why] > 1) {
      const std::size_t others = alike[why] - 1;
      fmt::format_to(out, "     also      in {} other scenario{}\n", others, others == 1 ? "" : "s");
    }
  }
}

/// What this run says of statements; of the library as a whole only where that is what was run.
void write_statements(const Report& report, Out out) {
  fmt::format_to(out, "statements: {}\n", statements_sentence(report));
  if (!report.traceability) {
    return;
  }
  const Traceability& trace = *report.traceability;
  fmt::format_to(out, "library: {}\n", traceability_sentence(trace));
  if (!trace.excluded.empty()) {
    fmt::format_to(out, "library: {} excluded, for the reasons that `assay statements` prints\n",
                   trace.excluded.size());
  }
  for (const std::string& id : trace.unknown) {
    fmt::format_to(out, "library: {} is used by a scenario and documented nowhere\n", id);
  }
}

/// How many scenarios were unsupported for which reason, the most frequent first.
void write_unsupported(const Report& report, Out out) {
  std::map<std::string, std::size_t> counts;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict() == Verdict::kUnsupported) {
      const auto check = std::ranges::find(outcome.checks, Verdict::kUnsupported, &CheckResult::verdict);
      ++counts[clean_line(check->observed)];
    }
  }
  std::vector<std::pair<std::string, std::size_t>> reasons{counts.begin(), counts.end()};
  std::ranges::stable_sort(reasons, std::greater{}, &std::pair<std::string, std::size_t>::second);
  std::string line;
  for (const auto& [why, number] : reasons) {
    line += fmt::format("{} {} ({})", line.empty() ? "" : ",", number, why);
  }
  if (!line.empty()) {
    fmt::format_to(out, "unsupported:{}\n", line);
  }
}

void write_last_line(const Report& report, Out out) {
  const Counts counts = count(report);
  const char* const result = exit_code(report) == 0                         ? "as expected"
                             : report.outcomes.empty()                      ? "nothing was run"
                             : !has_judged(report) && report.expect.empty() ? "nothing was judged"
                                                                            : "NOT as expected";
  fmt::format_to(out,
                 "{} scenarios: {} pass, {} fail, {} warn, {} advice, {} not reached, {} not applicable, {} "
                 "unsupported, {} error, {} xfail, {} xpass, {} observed; {} real, {} virtual: {}\n",
                 counts.scenarios, counts.pass, counts.fail, counts.warn, counts.advice, counts.not_reached,
                 counts.not_applicable, counts.unsupported, counts.error, counts.xfail, counts.xpass, counts.observed,
                 readable_time(report.real_time), readable_time(counts.virtual_time), result);
}

}  // namespace

std::string to_terminal(const Report& report, bool verbose) {
  std::string text;
  const Out out = std::back_inserter(text);
  write_header(report, out);
  write_progress(report, out);
  write_outcomes(report, verbose, out);
  write_statements(report, out);
  write_unsupported(report, out);
  if (report.not_run > 0) {
    fmt::format_to(out, "not run: {} scenarios more, as the client started in none of these\n", report.not_run);
  }
  for (const std::string& note : report.notes) {
    fmt::format_to(out, "note: {}\n", clean_line(note));
  }
  write_last_line(report, out);
  return text;
}

}  // namespace conformance
