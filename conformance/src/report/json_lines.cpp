#include "conformance/report.hpp"
#include "oidc/json.hpp"
#include "report/text.hpp"

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
          {"schema", 1},
          {"assay", report.assay_version},
          {"client", report.client},
          {"command", report.command},
          {"transport", scenarios::to_string(report.transport)},
          {"library", report.library_hash},
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
  if (const Statement* statement = find_statement(report, check.statement)) {
    record["level"] = to_string(statement->level);
    record["source"] = statement->source;
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
                     {"result", step.result}});
  }
  Json exchanges = Json::array();
  for (const mockserver::Exchange& exchange : outcome.exchanges) {
    exchanges.push_back(mockserver::to_json(exchange));
  }
  return {{"record", "scenario"},
          {"scenario", outcome.scenario->id},
          {"title", outcome.scenario->title},
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

Json footer(const Report& report) {
  const Counts counts = count(report);
  return {{"record", "footer"},
          {"complete", true},
          {"exit_code", exit_code(report)},
          {"scenarios", counts.scenarios},
          {"pass", counts.pass},
          {"fail", counts.fail},
          {"warn", counts.warn},
          {"not_reached", counts.not_reached},
          {"unsupported", counts.unsupported},
          {"error", counts.error},
          {"xfail", counts.xfail},
          {"xpass", counts.xpass},
          {"observed", counts.observed},
          {"not_run", report.not_run},
          {"statements", report.traceability.statements},
          {"statements_judged", report.traceability.judged},
          {"statements_with_caught_fault", report.traceability.with_caught_fault},
          {"virtual_s", as_seconds(counts.virtual_time)},
          {"real_s", as_seconds(report.real_time)}};
}

}  // namespace

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
