#include <fmt/format.h>

#include <algorithm>
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

Data statement_data(const std::string& id, const scenarios::Statement* statement, const StatementVerdict& judgement) {
  Data data;
  data.set("anchor", statement_anchor(id));
  data.set("id", text(id));
  data.set("level", statement == nullptr ? "" : std::string{scenarios::to_string(statement->level)});
  data.set("text", text(statement == nullptr ? "documented nowhere" : statement->text));
  data.set("source", text(statement == nullptr ? "" : statement->source));
  data.set("url", text(statement == nullptr ? "" : statement->url));
  data.set("class", style_class(judgement.verdict));
  data.set("verdict", signed_word(judgement.verdict));
  data.set("word", std::string{scenarios::to_string(judgement.verdict)});
  data.set("book", text(statement == nullptr ? "" : statement->book));
  data.set("allowed", text(statement == nullptr ? "" : statement->allowed));
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
  const auto judgements = judge_statements(report);
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

/// What the page's filters offer: only what there is.
void set_filters(const Report& report, Data& page) {
  std::set<Verdict> of_statements;
  std::set<Verdict> of_scenarios;
  std::set<std::string> books;
  for (const auto& [id, judgement] : judge_statements(report)) {
    of_statements.insert(judgement.verdict);
    if (const auto* statement = find_statement(report, id)) {
      books.insert(statement->book);
    }
  }
  for (const Outcome& outcome : report.outcomes) {
    of_scenarios.insert(outcome.verdict());
  }
  const auto words = [](const std::set<Verdict>& verdicts) {
    List list;
    for (const Verdict verdict : verdicts) {
      list.push_back(Data{"word", std::string{scenarios::to_string(verdict)}});
    }
    return list;
  };
  List shelf;
  for (const std::string& book : books) {
    shelf.push_back(Data{"book", text(book)});
  }
  page.set("statement_verdicts", words(of_statements));
  page.set("scenario_verdicts", words(of_scenarios));
  page.set("books", shelf);
}

Data note_list(const Report& report) {
  List notes;
  for (const std::string& note : report.notes) {
    notes.push_back(Data{"note", text(note)});
  }
  return notes;
}

Data problem_list(const Report& report) {
  List problems;
  for (const Outcome& outcome : report.outcomes) {
    const Verdict verdict = outcome.verdict();
    if (is_problem(verdict)) {
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
      "{}: {} pass, {} fail, {} warn, {} advice, {} not reached, {} not applicable, {} unsupported, {} error, {} "
      "expected failures, {} unexpected passes, {} observed{}",
      counts.scenarios, counts.pass, counts.fail, counts.warn, counts.advice, counts.not_reached, counts.not_applicable,
      counts.unsupported, counts.error, counts.xfail, counts.xpass, counts.observed, not_run);
}

std::ptrdiff_t unexpected(const Report& report) {
  return std::ranges::count_if(report.outcomes, [&](const Outcome& outcome) { return is_unexpected(report, outcome); });
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
  const std::size_t judged = counts.judged();
  Data page;
  page.set("version", text(report.assay_version));
  page.set("client", text(report.client));
  page.set("sentence", code == 0 ? fmt::format("As expected: {} scenarios judged.", judged)
                                 : fmt::format("Not as expected: {} of the {} scenarios that were judged.",
                                               unexpected(report), judged));
  page.set("sentence_class", code == 0 ? "" : "bad");
  page.set("transport", std::string{scenarios::to_string(report.transport)});
  page.set("library", text(report.library_hash));
  page.set("counts", counts_sentence(report));
  page.set("total", std::to_string(counts.scenarios));
  page.set("real", readable_time(report.real_time));
  page.set("virtual", readable_time(counts.virtual_time));
  page.set("run_statements", statements_sentence(report));
  page.set("library_statements", text(report.traceability ? traceability_sentence(*report.traceability) : ""));
  Data problems = problem_list(report);
  page.set("has_problems", problems.is_non_empty_list());
  page.set("problems", problems);
  page.set("sut", text(report.sut));
  page.set("shard", text(report.shard));
  page.set("notes", note_list(report));
  set_statements(report, page);
  set_filters(report, page);
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
