#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "oidc/clean_text.hpp"
#include "report/html_data.hpp"
#include "report/text.hpp"
#include "report/timeline.hpp"
#include "report/verdict_words.hpp"

namespace conformance::html {
namespace {

using List = kainjow::mustache::list;
using scenarios::CheckResult;
using scenarios::Outcome;

std::string check_anchor(const Outcome& outcome, const std::string& check) {
  return "c:" + outcome.scenario->id + ":" + check;
}

/// Where the cause is told; "" if it is no check of this scenario.
std::string cause_anchor(const Outcome& outcome, const std::string& cause) {
  const bool is_told = std::ranges::find(outcome.checks, cause, &CheckResult::check) != outcome.checks.end();
  return is_told ? check_anchor(outcome, cause) : "";
}

/// The books whose statements its checks judge, for the page's filter.
std::string books_of(const Report& report, const Outcome& outcome) {
  std::set<std::string> books;
  for (const CheckResult& check : outcome.checks) {
    if (const auto* statement = find_statement(report, check.statement)) {
      books.insert(statement->book);
    }
  }
  return fmt::format("{}", fmt::join(books, " "));
}

Data check_data(const Report& report, const Outcome& outcome, const CheckResult& check) {
  Data data;
  data.set("anchor", text(check_anchor(outcome, check.check)));
  data.set("class", style_class(check.verdict));
  data.set("verdict", signed_word(check.verdict));
  data.set("bad", is_unexpected(report, check.verdict) ? "bad" : "");
  data.set("name", text(check.check));
  data.set("statement", text(check.statement));
  data.set("statement_anchor", statement_anchor(check.statement));
  const scenarios::Statement* statement = find_statement(report, check.statement);
  data.set("level", text(statement == nullptr ? "" : std::string{scenarios::to_string(statement->level)}));
  data.set("book", text(statement == nullptr ? "" : statement->book));
  data.set("cause", text(check.cause));
  data.set("cause_anchor", text(cause_anchor(outcome, check.cause)));
  data.set("because", text(check.because.empty() && statement != nullptr ? statement->text : check.because));
  data.set("expected", text(check.expected));
  data.set("observed", text(check.observed));
  data.set("looked_at", text(describe_exchanges(outcome, check)));
  return data;
}

Data step_data(const scenarios::StepRecord& step) {
  Data data;
  data.set("index", std::to_string(step.index));
  data.set("at", seconds(step.at));
  data.set("took", seconds(step.took));
  data.set("does", text(step.description));
  data.set("result", text(step.result));
  return data;
}

template <typename Fields>
Data field_list(const Fields& fields) {
  List list;
  for (const auto& [name, value] : fields) {
    Data field;
    field.set("name", text(name));
    field.set("value", text(value));
    list.push_back(field);
  }
  return list;
}

/// The header fields of a reply that clients act on.
std::vector<oidc::Headers::Field> interesting(const oidc::Headers& headers) {
  std::vector<oidc::Headers::Field> fields;
  for (const char* name : {"Retry-After", "Location", "WWW-Authenticate", "Content-Type"}) {
    if (const auto value = headers.get(name)) {
      fields.emplace_back(name, *value);
    }
  }
  return fields;
}

Data exchange_data(const Outcome& outcome, const mockserver::Exchange& exchange) {
  Data data;
  data.set("anchor", text(fmt::format("x:{}:{}", outcome.scenario->id, exchange.seq)));
  data.set("seq", std::to_string(exchange.seq));
  data.set("at", seconds(exchange.offset));
  data.set("request", text(exchange.method + " " + exchange.path.substr(0, exchange.path.find('?'))));
  data.set("fields", field_list(exchange.form));
  data.set("reply", exchange.dropped ? "no reply" : std::to_string(exchange.status));
  data.set("reply_headers", field_list(interesting(exchange.reply_headers)));
  data.set("body", text(oidc::clean_text(exchange.reply_body, 4000)));
  std::string script;
  for (const std::string& step : exchange.steps) {
    script += (script.empty() ? "" : ", ") + step;
  }
  data.set("script", text(script));
  return data;
}

Data storage_data(const scenarios::StorageSnapshot& files, const scenarios::StorageSnapshot* before) {
  List list;
  for (const auto& [path, file] : files) {
    Data data;
    data.set("path", text(path));
    data.set("mode", text(file.mode));
    data.set("text", text(file.text));
    std::string changed;
    if (before != nullptr) {
      const auto old = before->find(path);
      changed = old == before->end() ? "new" : old->second == file ? "" : "changed";
    }
    data.set("changed", text(changed));
    list.push_back(data);
  }
  return list;
}

/// The first check that failed and is named on this line of the scenario.
std::string mark_of(const Outcome& outcome, const std::string& line) {
  for (const CheckResult& check : outcome.checks) {
    const bool bad = is_problem(check.verdict);
    const std::size_t at = line.find("check: " + check.check);
    const std::size_t end = at + 7 + check.check.size();
    if (bad && at != std::string::npos &&
        (end >= line.size() || std::string{",}\" "}.find(line[end]) != std::string::npos)) {
      return signed_word(check.verdict);
    }
  }
  return "";
}

Data source_lines(const Outcome& outcome) {
  List list;
  std::istringstream source{oidc::clean_text(outcome.scenario->source)};
  std::string line;
  for (std::size_t number = 1; std::getline(source, line); ++number) {
    Data data;
    data.set("number", std::to_string(number));
    data.set("text", line);
    data.set("hit", text(mark_of(outcome, line)));
    list.push_back(data);
  }
  return list;
}

}  // namespace

Data scenario_data(const Report& report, const Outcome& outcome) {
  const scenarios::Scenario& scenario = *outcome.scenario;
  const scenarios::Verdict verdict = outcome.verdict();
  Data data;
  data.set("anchor", scenario_anchor(scenario.id));
  data.set("class", style_class(verdict));
  data.set("verdict", signed_word(verdict));
  data.set("word", std::string{scenarios::to_string(verdict)});
  data.set("books", books_of(report, outcome));
  data.set("problem", is_problem(verdict) ? "yes" : "no");
  data.set("open", is_unexpected(report, outcome));
  data.set("id", text(scenario.id));
  data.set("title", text(scenario.title));
  data.set("why", text(scenario.why));
  data.set("file", text(scenario.file));
  data.set("virtual", readable_time(outcome.virtual_time));
  data.set("real", seconds(outcome.real_time) + " s");
  data.set("again", text(reproduce_command(report, outcome)));
  data.set("output", text(outcome.output));
  data.set("timeline", timeline_svg(outcome));
  data.set("lines", source_lines(outcome));

  List checks;
  for (const CheckResult& check : outcome.checks) {
    checks.push_back(check_data(report, outcome, check));
  }
  List steps;
  for (const scenarios::StepRecord& step : outcome.steps) {
    steps.push_back(step_data(step));
  }
  List exchanges;
  for (const mockserver::Exchange& exchange : outcome.exchanges) {
    exchanges.push_back(exchange_data(outcome, exchange));
  }
  data.set("has_checks", !checks.empty());
  data.set("checks", checks);
  data.set("has_steps", !steps.empty());
  data.set("steps", steps);
  data.set("has_exchanges", !exchanges.empty());
  data.set("exchanges", exchanges);
  data.set("has_before", !outcome.storage_before.empty());
  data.set("before", storage_data(outcome.storage_before, nullptr));
  data.set("has_after", !outcome.storage_after.empty());
  data.set("after", storage_data(outcome.storage_after, &outcome.storage_before));
  return data;
}

}  // namespace conformance::html
