#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>

#include "conformance/results.hpp"
#include "oidc/schema.hpp"
#include "results/read_exchange.hpp"
#include "results/record.hpp"
#include "results/words.hpp"

namespace conformance {
namespace {

constexpr std::size_t kSchema = 2;

scenarios::StorageSnapshot read_storage(const Record& record, const char* name) {
  scenarios::StorageSnapshot files;
  for (const auto& [path, file] : record.members(name)) {
    files[path] = {file.text("mode"), file.text("text")};
  }
  return files;
}

scenarios::StepRecord read_step(const Record& record) {
  return {record.count("step"),
          record.text("does"),
          record.seconds<oidc::Duration>("at_s"),
          record.seconds<oidc::Duration>("took_s"),
          record.text("result"),
          record.count("first_exchange"),
          record.count("last_exchange")};
}

Traceability read_traceability(const Record& record) {
  return {record.count("statements"),
          record.count("statements_judged"),
          record.count("statements_with_caught_fault"),
          record.texts("statements_not_judged"),
          record.texts("statements_unknown"),
          record.texts("statements_excluded")};
}

scenarios::Statement read_statement(const Record& record) {
  scenarios::Statement statement;
  statement.id = record.text("statement");
  statement.level = record.word("level", level_of);
  statement.text = record.text("text");
  statement.source = record.text("source");
  statement.url = record.text("url");
  statement.book = record.text("book");
  statement.kind = record.word("kind", kind_of);
  statement.allowed = record.text("allowed");
  return statement;
}

/// Reads one file, a line after the other.
class Reader {
 public:
  explicit Reader(std::string file) { results_.file = std::move(file); }

  oidc::Status read_line(const std::string& line) {
    ++line_;
    if (ended_) {
      return here("the results end above, and here is more");
    }
    const auto value = oidc::parse_json(line);
    if (!value || !value->is_object()) {
      return here("expected one JSON object, as `assay run --jsonl` writes it");
    }
    std::string problem;
    read_record(Record{*value, problem});
    return problem.empty() ? oidc::Status{oidc::Done{}} : here(problem);
  }

  oidc::Result<Results> finish() {
    if (line_ == 0) {
      return oidc::Error{oidc::Errc::kBadInput, results_.file + ": is empty, and no results file"};
    }
    if (!ended_) {
      return oidc::Error{oidc::Errc::kBadInput,
                         results_.file + ": incomplete: the last line is no footer, so the run did not end"};
    }
    return std::move(results_);
  }

 private:
  oidc::Error here(const std::string& sentence) const {
    return {oidc::Errc::kBadInput, fmt::format("{}:{}: {}", results_.file, line_, sentence)};
  }

  void read_record(const Record& record) {
    using Read = void (Reader::*)(const Record&);
    constexpr std::array<std::pair<const char*, Read>, 4> kRecords{{{"header", &Reader::read_header},
                                                                    {"check", &Reader::read_check},
                                                                    {"scenario", &Reader::read_scenario},
                                                                    {"footer", &Reader::read_footer}}};
    const std::string name = record.text("record");
    if ((line_ == 1) != (name == "header")) {
      return record.complain(line_ == 1 ? "expected the header of a results file" : "a second header");
    }
    for (const auto& [known, read] : kRecords) {
      if (name == known) {
        return (this->*read)(record);
      }
    }
    record.complain(fmt::format("there is no record \"{}\"{}", name,
                                oidc::did_you_mean(name, {"header", "check", "scenario", "footer"})));
  }

  void read_header(const Record& record) {
    if (const std::size_t schema = record.count("schema"); schema != kSchema) {
      return record.complain(fmt::format("results of schema {}; this assay reads {}", schema, kSchema));
    }
    Report& report = results_.report;
    report.assay_version = record.text("assay");
    report.client = record.text("client");
    report.sut = record.text("sut");
    report.command = record.text("command");
    report.expect = record.text("expect");
    report.strict = record.flag("strict");
    report.shard = record.text("shard");
    report.transport = record.word("transport", transport_of);
    report.library_hash = record.text("library");
    report.library = record.text("library_path");
    report.library_scenarios = record.count("library_scenarios");
    expected_ = record.count("scenarios");
  }

  void read_check(const Record& record) {
    if (const std::string scenario = record.text("scenario"); checks_.empty()) {
      scenario_ = scenario;
    } else if (scenario != scenario_) {
      return record.complain(fmt::format("a check of \"{}\" among those of \"{}\"", scenario, scenario_));
    }
    scenarios::CheckResult check;
    check.check = record.text("check");
    check.statement = record.text("statement");
    check.verdict = record.word("verdict", verdict_of);
    check.because = record.text("because");
    check.expected = record.text("expected");
    check.observed = record.text("observed");
    check.exchanges = record.counts("exchanges");
    check.cause = record.has("cause") ? record.text("cause") : "";
    if (record.has("level")) {
      results_.report.statements.try_emplace(check.statement, read_statement(record));
    }
    checks_.push_back(std::move(check));
  }

  void read_scenario(const Record& record) {
    scenarios::Scenario& scenario = results_.scenarios.emplace_back();
    scenario.id = record.text("scenario");
    scenario.title = record.text("title");
    scenario.why = record.text("why");
    scenario.file = record.text("file");
    scenario.source = record.text("source");
    if (!checks_.empty() && scenario.id != scenario_) {
      return record.complain(fmt::format("the scenario \"{}\" after checks of \"{}\"", scenario.id, scenario_));
    }
    scenarios::Outcome outcome;
    outcome.scenario = &scenario;
    outcome.transport = results_.report.transport;
    outcome.client_started = record.flag("started");
    outcome.checks = std::exchange(checks_, {});
    for (const Record& step : record.records("steps")) {
      outcome.steps.push_back(read_step(step));
    }
    for (const Record& exchange : record.records("exchanges")) {
      outcome.exchanges.push_back(read_exchange(exchange));
    }
    outcome.storage_before = read_storage(record, "storage_before");
    outcome.storage_after = read_storage(record, "storage_after");
    outcome.output = record.text("output");
    outcome.virtual_time = record.seconds<oidc::Duration>("virtual_s");
    outcome.real_time = record.seconds<std::chrono::microseconds>("real_s");
    results_.report.outcomes.push_back(std::move(outcome));
  }

  void read_footer(const Record& record) {
    Report& report = results_.report;
    if (report.outcomes.size() != expected_ || !checks_.empty()) {
      return record.complain(
          fmt::format("incomplete: {} scenarios where the header has {}", report.outcomes.size(), expected_));
    }
    report.not_run = record.count("not_run");
    report.notes = record.texts("notes");
    report.real_time = record.seconds<std::chrono::microseconds>("real_s");
    for (const std::string& id : record.texts("statements_not_named")) {
      report.statements[id].id = id;
    }
    if (record.has("statements")) {
      report.traceability = read_traceability(record);
    }
    ended_ = true;
  }

  Results results_;
  std::size_t line_ = 0;
  std::size_t expected_ = 0;
  bool ended_ = false;
  std::string scenario_;                        // of `checks_`
  std::vector<scenarios::CheckResult> checks_;  // those whose scenario has not come yet
};

}  // namespace

oidc::Result<Results> parse_results(std::string_view text, const std::string& file) {
  Reader reader{file};
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    if (auto read = reader.read_line(line); !read) {
      return read.error();
    }
  }
  return reader.finish();
}

oidc::Result<Results> read_results(const std::string& file) {
  const auto text = scenarios::read_text(file);
  if (!text) {
    return text.error();
  }
  return parse_results(*text, file);
}

}  // namespace conformance
