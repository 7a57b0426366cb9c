#include "conformance/traceability.hpp"

#include <fmt/format.h>

#include <set>

#include "oidc/json.hpp"

namespace assay::embedded {
extern const std::string_view unit_tests_json_text;
}

namespace conformance {
namespace {

std::optional<UnitTest> to_unit_test(const oidc::Json& entry) {
  const auto name = oidc::string_member(entry, "test");
  const auto file = oidc::string_member(entry, "file");
  if (!name || !file || !entry.contains("line") || !entry["line"].is_number_unsigned() || !entry.contains("ids") ||
      !entry["ids"].is_array()) {
    return std::nullopt;
  }
  UnitTest test{*name, *file, entry["line"].get<std::size_t>(), {}};
  for (const oidc::Json& id : entry["ids"]) {
    if (!id.is_string()) {
      return std::nullopt;
    }
    test.statements.push_back(id.get<std::string>());
  }
  return test;
}

/// Calls `use` with each check of a scenario and each statement that it may judge.
template <typename Use>
void for_each_check(const scenarios::Scenario& scenario, const Use& use) {
  const auto judge = [&](const scenarios::Judged& judged) {
    for (const std::string& statement : judged.statements) {
      use(judged.id, statement);
    }
  };
  for (const scenarios::Check& check : scenario.checks) {
    judge(check.judged);
  }
  for (const scenarios::ScenarioStep& step : scenario.steps) {
    if (step.has_expectation()) {
      judge(step.judged);
    }
  }
}

bool catches(const scenarios::Scenario& scenario, const std::string& check) {
  for (const auto& [fault, catcher] : scenario.catches) {
    if (catcher == check) {
      return true;
    }
  }
  return false;
}

std::string did_you_mean(const std::string& id, const scenarios::Statements& statements) {
  const std::string nearest = scenarios::nearest_statement(id, statements);
  return nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest);
}

}  // namespace

oidc::Result<std::vector<UnitTest>> read_unit_tests(std::string_view json) {
  const auto list = oidc::parse_json(json);
  if (!list || !list->is_array()) {
    return oidc::Error{oidc::Errc::kBadInput, "the index of unit tests is no JSON array"};
  }
  std::vector<UnitTest> tests;
  for (const oidc::Json& entry : *list) {
    auto test = to_unit_test(entry);
    if (!test) {
      return oidc::Error{oidc::Errc::kBadInput, "an entry of the index of unit tests is malformed"};
    }
    tests.push_back(*std::move(test));
  }
  return tests;
}

const std::vector<UnitTest>& unit_tests() {
  static const std::vector<UnitTest> kTests = read_unit_tests(assay::embedded::unit_tests_json_text).value();
  return kTests;
}

std::map<std::string, Judges> find_judges(const std::vector<scenarios::Scenario>& library,
                                          const std::vector<UnitTest>& tests) {
  std::map<std::string, Judges> judges;
  for (const scenarios::Scenario& scenario : library) {
    const auto add = [&](const std::string& check, const std::string& statement) {
      Judges& found = judges[statement];
      found.checks.push_back(scenario.id + " " + check);
      if (catches(scenario, check)) {
        found.caught_by.push_back(found.checks.back());
      }
    };
    for_each_check(scenario, add);
    for (const scenarios::ImplicitCheck& implicit : scenarios::implicit_checks()) {
      for (const std::string& statement : implicit.statements) {
        add(std::string{implicit.id}, statement);
      }
    }
  }
  for (const UnitTest& test : tests) {
    for (const std::string& id : test.statements) {
      judges[id].tests.push_back(fmt::format("{} ({}:{})", test.name, test.file, test.line));
    }
  }
  return judges;
}

Traceability trace(const scenarios::Statements& statements, const std::vector<scenarios::Scenario>& library,
                   const std::vector<UnitTest>& tests) {
  const std::map<std::string, Judges> judges = find_judges(library, tests);
  Traceability result;
  result.statements = statements.size();
  for (const auto& [id, statement] : statements) {
    const auto found = judges.find(id);
    if (found != judges.end()) {
      ++result.judged;
      result.with_caught_fault += found->second.caught_by.empty() ? 0 : 1;
    } else if (statement.excluded.empty()) {
      result.unjudged.push_back(id);
    }
    if (!statement.excluded.empty()) {
      result.excluded.push_back(id);
    }
  }
  std::set<std::string> used;
  for (const scenarios::Scenario& scenario : library) {
    used.insert(scenario.statements.begin(), scenario.statements.end());
    for_each_check(scenario, [&](const std::string&, const std::string& statement) { used.insert(statement); });
  }
  for (const scenarios::Scenario& scenario : library) {
    std::erase_if(used, [&](const std::string& id) { return scenario.own_statements.contains(id); });
  }
  std::erase_if(used, [&](const std::string& id) { return statements.contains(id); });
  result.unknown.assign(used.begin(), used.end());
  return result;
}

std::vector<std::string> contradictions(const scenarios::Statements& statements,
                                        const std::vector<scenarios::Scenario>& library,
                                        const std::vector<UnitTest>& tests) {
  std::vector<std::string> lines;
  for (const UnitTest& test : tests) {
    if (test.name.empty()) {
      lines.push_back(fmt::format("{}:{}: judges() stands in no test", test.file, test.line));
    }
    for (const std::string& id : test.statements) {
      if (!statements.contains(id)) {
        lines.push_back(fmt::format("{}:{}: statement \"{}\" is not documented in conformance/statements{}", test.file,
                                    test.line, id, did_you_mean(id, statements)));
      }
    }
  }
  const std::map<std::string, Judges> judges = find_judges(library, tests);
  for (const auto& [id, statement] : statements) {
    const auto found = judges.find(id);
    if (!statement.excluded.empty() && found != judges.end()) {
      lines.push_back(
          fmt::format("statement \"{}\" is excluded ({}) and yet judged by {}", id, statement.excluded,
                      found->second.checks.empty() ? found->second.tests.front() : found->second.checks.front()));
    }
  }
  return lines;
}

}  // namespace conformance
