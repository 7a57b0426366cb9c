#include "conformance/report.hpp"
#include "oidc/json.hpp"
#include "report/text.hpp"
#include "results/words.hpp"

namespace conformance {
namespace {

using oidc::Json;
using scenarios::CheckResult;
using scenarios::Outcome;

double as_seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

Json header(const Report& report) {
  return {{"record", "header"},
          {"schema", 2},
          {"assay", report.assay_version},
          {"client", report.client},
          {"sut", report.sut},
          {"command", report.command},
          {"expect", report.expect},
          {"strict", report.strict},
          {"shard", report.shard},
          {"transport", scenarios::to_string(report.transport)},
          {"library", report.library_hash},
          {"library_path", report.library},
          {"library_scenarios", report.library_scenarios},
          {"scenarios", report.outcomes.size()}};
}

Json check_record(const Report& report, const Outcome& outcome, const CheckResult& check) {
  Json record = {{"record", "check"},
                 {"scenario", outcome.scenario->id},
                 {"check", check.check},
                 {"statement", check.statement},
                 {"verdict", scenarios::to_string(check.verdict)},
                 {"because", check.because},
                 {"expected", check.expected},
                 {"observed", check.observed},
                 {"exchanges", check.exchanges}};
  if (!check.cause.empty()) {
    record["cause"] = check.cause;
  }
  if (const scenarios::Statement* statement = find_statement(report, check.statement)) {
    record["level"] = scenarios::to_string(statement->level);
    record["text"] = statement->text;
    record["allowed"] = statement->allowed;
    record["book"] = statement->book;
    record["kind"] = to_string(statement->kind);
    record["source"] = statement->source;
    record["url"] = statement->url;
  }
  return record;
}

Json to_json(const scenarios::StorageSnapshot& storage) {
  Json files = Json::object();
  for (const auto& [path, file] : storage) {
    files[path] = {{"mode", file.mode}, {"text", file.text}};
  }
  return files;
}

Json scenario_record(const Report& report, const Outcome& outcome) {
  Json steps = Json::array();
  for (const scenarios::StepRecord& step : outcome.steps) {
    steps.push_back({{"step", step.index},
                     {"does", step.description},
                     {"at_s", as_seconds(step.at)},
                     {"took_s", as_seconds(step.took)},
                     {"result", step.result},
                     {"first_exchange", step.first_exchange},
                     {"last_exchange", step.last_exchange}});
  }
  Json exchanges = Json::array();
  for (const mockserver::Exchange& exchange : outcome.exchanges) {
    exchanges.push_back(mockserver::to_json(exchange));
  }
  return {{"record", "scenario"},
          {"scenario", outcome.scenario->id},
          {"title", outcome.scenario->title},
          {"why", outcome.scenario->why},
          {"file", outcome.scenario->file},
          {"source", outcome.scenario->source},
          {"started", outcome.client_started},
          {"verdict", scenarios::to_string(outcome.verdict())},
          {"virtual_s", as_seconds(outcome.virtual_time)},
          {"real_s", as_seconds(outcome.real_time)},
          {"steps", steps},
          {"exchanges", exchanges},
          {"storage_before", to_json(outcome.storage_before)},
          {"storage_after", to_json(outcome.storage_after)},
          {"output", outcome.output},
          {"again", reproduce_command(report, outcome)}};
}

/// The statements that no check of this run names.
Json not_named(const Report& report) {
  const auto judgements = judge_statements(report);
  Json ids = Json::array();
  for (const auto& [id, statement] : report.statements) {
    if (!judgements.contains(id)) {
      ids.push_back(id);
    }
  }
  return ids;
}

Json footer(const Report& report) {
  const Counts counts = count(report);
  Json record = {{"record", "footer"},
                 {"complete", true},
                 {"exit_code", exit_code(report)},
                 {"scenarios", counts.scenarios},
                 {"pass", counts.pass},
                 {"fail", counts.fail},
                 {"warn", counts.warn},
                 {"advice", counts.advice},
                 {"not_reached", counts.not_reached},
                 {"not_applicable", counts.not_applicable},
                 {"unsupported", counts.unsupported},
                 {"error", counts.error},
                 {"xfail", counts.xfail},
                 {"xpass", counts.xpass},
                 {"observed", counts.observed},
                 {"not_run", report.not_run},
                 {"notes", report.notes},
                 {"statements_not_named", not_named(report)},
                 {"virtual_s", as_seconds(counts.virtual_time)},
                 {"real_s", as_seconds(report.real_time)}};
  if (report.traceability) {
    record["statements"] = report.traceability->statements;
    record["statements_judged"] = report.traceability->judged;
    record["statements_with_caught_fault"] = report.traceability->with_caught_fault;
    record["statements_not_judged"] = report.traceability->unjudged;
    record["statements_unknown"] = report.traceability->unknown;
    record["statements_excluded"] = report.traceability->excluded;
  }
  return record;
}

}  // namespace

// What is written here is read back by src/results: a new member needs its line there.
std::string to_json_lines(const Report& report) {
  std::string text = oidc::to_text(header(report)) + "\n";
  for (const Outcome& outcome : report.outcomes) {
    for (const CheckResult& check : outcome.checks) {
      text += oidc::to_text(check_record(report, outcome, check)) + "\n";
    }
    text += oidc::to_text(scenario_record(report, outcome)) + "\n";
  }
  return text + oidc::to_text(footer(report)) + "\n";
}

}  // namespace conformance
