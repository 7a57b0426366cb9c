#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "conformance/report.hpp"
#include "oidc/clean_text.hpp"
#include "report/text.hpp"

namespace conformance {
namespace {

using scenarios::CheckResult;
using scenarios::Outcome;
using scenarios::Verdict;

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(oidc::clean_text(value).c_str());
}

void add_property(pugi::xml_node properties, const char* name, const std::string& value) {
  pugi::xml_node property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

/// What JUnit calls the verdict: <failure>, <error>, <skipped> or nothing.
void add_result(pugi::xml_node test, const CheckResult& check, bool unexpected) {
  const char* element = "";
  std::string type;
  std::string message = fmt::format("expected {}; observed {}", check.expected, check.observed);
  switch (check.verdict) {
    case Verdict::kPass:
    case Verdict::kAdvice:
    case Verdict::kObserved:
      return;  // ADVICE is told in the properties, and fails nothing
    case Verdict::kWarn:
      if (!unexpected) {
        return;
      }
      element = "failure";
      type = "warning";
      break;
    case Verdict::kFail:
      element = "failure";
      type = "conformance";
      break;
    case Verdict::kNotReached:
      element = unexpected ? "failure" : "skipped";
      type = unexpected ? "not_reached" : "";
      message = unexpected ? message : "not reached: " + check.observed;
      break;
    case Verdict::kNotApplicable:
      element = "skipped";
      message = "not applicable: " + check.observed;
      break;
    case Verdict::kXpass:
      element = "failure";
      type = "unexpected_pass";
      break;
    case Verdict::kErrorSut:
      element = "error";
      type = "sut";
      break;
    case Verdict::kErrorAdapter:
      element = "error";
      type = "adapter";
      break;
    case Verdict::kErrorHarness:
      element = "error";
      type = "harness";
      break;
    case Verdict::kUnsupported:
      element = "skipped";
      message = "unsupported: " + check.observed;
      break;
    case Verdict::kXfail:
      element = "skipped";
      message = "expected failure: " + check.observed;
      break;
  }
  pugi::xml_node result = test.append_child(element);
  if (!type.empty()) {
    set(result, "type", type);
  }
  set(result, "message", oidc::clean_line(message, 2000));
}

void add_test(pugi::xml_node suite, const Report& report, const Outcome& outcome, const CheckResult& check,
              const std::string& time) {
  pugi::xml_node test = suite.append_child("testcase");
  std::string class_name = outcome.scenario->id;
  std::ranges::replace(class_name, '/', '.');
  set(test, "classname", class_name);
  set(test, "name", check.statement.empty() ? check.check : check.check + "/" + check.statement);
  set(test, "time", time);

  pugi::xml_node properties = test.append_child("properties");
  add_property(properties, "verdict", std::string{scenarios::to_string(check.verdict)});
  if (const scenarios::Statement* statement = find_statement(report, check.statement)) {
    add_property(properties, "level", std::string{scenarios::to_string(statement->level)});
    add_property(properties, "statement", statement->text);
    add_property(properties, "source", statement->source);
  }
  add_property(properties, "virtual_s", seconds(outcome.virtual_time));
  add_result(test, check, is_unexpected(report, check.verdict));
  test.append_child("system-out").text().set(oidc::clean_text(reproduce_command(report, outcome)).c_str());
}

/// A scenario without checks (it does not apply, or never got that far) is one test.
CheckResult whole(const Outcome& outcome) {
  CheckResult check;
  check.check = "scenario";
  check.verdict = outcome.verdict();
  check.expected = "checks to judge";
  check.observed = "none was made";
  return check;
}

}  // namespace

std::string to_junit(const Report& report) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  pugi::xml_node suite = suites.append_child("testsuite");
  set(suite, "name", fmt::format("assay {} {}", report.client, scenarios::to_string(report.transport)));
  // The numbers come first in the file; they are known last.
  for (const char* name : {"tests", "failures", "errors", "skipped"}) {
    suite.append_attribute(name);
  }
  set(suite, "time", seconds(report.real_time));
  for (const Outcome& outcome : report.outcomes) {
    std::string time = seconds(outcome.real_time);  // of the scenario, on its first check
    const std::vector<CheckResult> checks =
        outcome.checks.empty() ? std::vector<CheckResult>{whole(outcome)} : outcome.checks;
    for (const CheckResult& check : checks) {
      add_test(suite, report, outcome, check, std::exchange(time, "0.000"));
    }
  }
  const auto number_of = [&suite](const char* element) {
    const auto tests = suite.children("testcase");
    return std::count_if(tests.begin(), tests.end(),
                         [element](const auto& test) { return !test.child(element).empty(); });
  };
  const auto tests = suite.children("testcase");
  suite.attribute("tests").set_value(static_cast<long long>(std::distance(tests.begin(), tests.end())));
  suite.attribute("failures").set_value(static_cast<long long>(number_of("failure")));
  suite.attribute("errors").set_value(static_cast<long long>(number_of("error")));
  suite.attribute("skipped").set_value(static_cast<long long>(number_of("skipped")));
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace conformance
