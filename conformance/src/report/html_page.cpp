#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "oidc/clean_text.hpp"
#include "report/html_data.hpp"
#include "report/text.hpp"
#include "report/verdict_words.hpp"

namespace conformance::html {
namespace {

using List = kainjow::mustache::list;
using scenarios::Outcome;
using scenarios::Verdict;

/// What the run says about one statement.
struct Judgement {
  std::optional<Verdict> verdict;
  std::set<std::string> scenarios;
};

bool is_unjudged(Verdict verdict) {
  return verdict == Verdict::kUnsupported || verdict == Verdict::kObserved;
}

/// The worse of two, except that a statement which was judged somewhere need not be judged everywhere.
Verdict joint_verdict(Verdict a, Verdict b) {
  if (is_unjudged(a) != is_unjudged(b)) {
    return is_unjudged(a) ? b : a;
  }
  return scenarios::worse_of(a, b);
}

std::map<std::string, Judgement> judge(const Report& report) {
  std::map<std::string, Judgement> judgements;
  for (const Outcome& outcome : report.outcomes) {
    for (const scenarios::CheckResult& check : outcome.checks) {
      if (check.statement.empty()) {
        continue;
      }
      Judgement& judgement = judgements[check.statement];
      judgement.scenarios.insert(outcome.scenario->id);
      judgement.verdict = judgement.verdict ? joint_verdict(*judgement.verdict, check.verdict) : check.verdict;
    }
    if (outcome.checks.empty()) {
      for (const std::string& id : outcome.scenario->statements) {
        judgements[id].scenarios.insert(outcome.scenario->id);
      }
    }
  }
  return judgements;
}

Data statement_data(const std::string& id, const Statement* statement, const Judgement& judgement) {
  Data data;
  data.set("anchor", statement_anchor(id));
  data.set("id", text(id));
  data.set("level", statement == nullptr ? "" : std::string{to_string(statement->level)});
  data.set("text", text(statement == nullptr ? "documented nowhere" : statement->text));
  data.set("source", text(statement == nullptr ? "" : statement->source));
  data.set("url", text(statement == nullptr ? "" : statement->url));
  const bool judged = judgement.verdict.has_value();
  data.set("class", judged ? style_class(*judgement.verdict) : "v-none");
  data.set("verdict", judged ? signed_word(*judgement.verdict) : "– not judged");
  List list;
  for (const std::string& scenario : judgement.scenarios) {
    Data link;
    link.set("anchor", scenario_anchor(scenario));
    link.set("name", text(scenario));
    list.push_back(link);
  }
  data.set("scenarios", list);
  return data;
}

void set_statements(const Report& report, Data& page) {
  const std::map<std::string, Judgement> judgements = judge(report);
  List rows;
  for (const auto& [id, judgement] : judgements) {
    rows.push_back(statement_data(id, find_statement(report, id), judgement));
  }
  List unjudged;
  for (const auto& [id, statement] : report.statements) {
    if (!judgements.contains(id)) {
      unjudged.push_back(Data{"name", text(id)});
    }
  }
  page.set("statements", rows);
  page.set("has_unjudged", !unjudged.empty());
  page.set("unjudged_count", std::to_string(unjudged.size()));
  page.set("unjudged", unjudged);
}

Data problem_list(const Report& report) {
  List problems;
  for (const Outcome& outcome : report.outcomes) {
    const Verdict verdict = outcome.verdict();
    if (is_unexpected(verdict) || verdict == Verdict::kWarn) {
      Data data;
      data.set("class", style_class(verdict));
      data.set("verdict", signed_word(verdict));
      data.set("anchor", scenario_anchor(outcome.scenario->id));
      data.set("scenario", text(outcome.scenario->id));
      data.set("title", text(outcome.scenario->title));
      problems.push_back(data);
    }
  }
  return problems;
}

std::string counts_sentence(const Report& report) {
  const Counts counts = count(report);
  const std::string not_run = report.not_run == 0 ? "" : fmt::format("; {} more were not run", report.not_run);
  return fmt::format(
      "{}: {} pass, {} fail, {} warn, {} not reached, {} unsupported, {} error, {} expected failures, {} unexpected "
      "passes, {} observed{}",
      counts.scenarios, counts.pass, counts.fail, counts.warn, counts.not_reached, counts.unsupported, counts.error,
      counts.xfail, counts.xpass, counts.observed, not_run);
}

}  // namespace

Data text(const std::string& value) {
  return value.empty() ? Data{false} : Data{oidc::clean_text(value)};
}

std::string scenario_anchor(const std::string& id) {
  return "s:" + id;
}
std::string statement_anchor(const std::string& id) {
  return "r:" + id;
}

Data page_data(const Report& report) {
  const Counts counts = count(report);
  const int code = exit_code(report);
  const std::size_t judged = counts.scenarios - counts.unsupported;
  Data page;
  page.set("version", text(report.assay_version));
  page.set("client", text(report.client));
  page.set("sentence", code == 0 ? fmt::format("As expected: {} scenarios judged.", judged)
                                 : fmt::format("Not as expected: {} of {} scenarios judged failed or broke.",
                                               counts.fail + counts.not_reached + counts.error + counts.xpass, judged));
  page.set("sentence_class", code == 0 ? "" : "bad");
  page.set("transport", std::string{scenarios::to_string(report.transport)});
  page.set("library", text(report.library_hash));
  page.set("counts", counts_sentence(report));
  page.set("total", std::to_string(counts.scenarios));
  page.set("real", readable_time(report.real_time));
  page.set("virtual", readable_time(counts.virtual_time));
  page.set("documented", std::to_string(report.traceability.statements));
  page.set("judged", std::to_string(report.traceability.judged));
  page.set("caught", std::to_string(report.traceability.with_caught_fault));
  Data problems = problem_list(report);
  page.set("has_problems", problems.is_non_empty_list());
  page.set("problems", problems);
  set_statements(report, page);
  List legend;
  for (const VerdictLegend& entry : kLegend) {
    Data row;
    row.set("class", style_class(entry.verdict));
    row.set("verdict", signed_word(entry.verdict));
    row.set("text", entry.meaning);
    legend.push_back(row);
  }
  page.set("legend", legend);
  return page;
}

}  // namespace conformance::html
