#include "scenarios/lint.hpp"

#include <algorithm>

#include "loader/values.hpp"
#include "oidc/schema.hpp"

namespace scenarios {
namespace {

constexpr std::size_t kMostLines = 60;

/// Where a text first stands in the scenario's file; 1 if it doesn't.
std::size_t line_of(const Scenario& scenario, const std::string& text) {
  const auto position = scenario.source.find(text);
  return position == std::string::npos
             ? 1
             : static_cast<std::size_t>(std::count(
                   scenario.source.begin(), scenario.source.begin() + static_cast<std::ptrdiff_t>(position), '\n')) +
                   1;
}

/// True if the check only says that nothing happened: a client that does nothing at all passes it.
bool is_negative(const Check& check) {
  const auto& body = check.body;
  if (check.kind == "requests" && body.contains("count")) {
    const auto bounds = parse_bounds(body["count"]);
    return bounds && bounds->max && *bounds->max == 0;
  }
  if (check.kind == "storage") {
    return std::ranges::all_of(body.items(), [](const auto& item) {
      return item.key() == "absent" || item.key() == "unchanged" ||
             (item.key() == "exists" && item.value() == oidc::Json(false));
    });
  }
  return false;
}

bool is_positive_about(const Check& check, const Check& negative) {
  return check.kind == negative.kind && !is_negative(check) &&
         (check.kind != "requests" ||
          oidc::string_member(check.body, "to") == oidc::string_member(negative.body, "to"));
}

class Linter {
 public:
  Linter(const std::vector<Scenario>& checked, const std::vector<Scenario>& library) : scenarios_{checked} {
    for (const auto* scenarios : {&checked, &library}) {
      for (const Scenario& scenario : *scenarios) {
        ids_.push_back(scenario.id);
      }
    }
  }

  std::vector<LintFinding> run() {
    for (const Scenario& scenario : scenarios_) {
      check_reasons(scenario);
      check_negatives(scenario);
      check_twin(scenario);
      const auto lines = std::ranges::count(scenario.source, '\n');
      if (lines > static_cast<std::ptrdiff_t>(kMostLines)) {
        report(scenario, kMostLines + 1, false,
               "the file has " + std::to_string(lines) + " lines; one behaviour family fits into 60");
      }
    }
    return std::move(findings_);
  }

 private:
  void report(const Scenario& scenario, std::size_t line, bool error, std::string sentence) {
    findings_.push_back({scenario.file, line, 0, error, std::move(sentence)});
  }

  void report(const Scenario& scenario, const Place& place, bool error, std::string sentence) {
    findings_.push_back({scenario.file, place.line, place.column, error, std::move(sentence)});
  }

  void check_reasons(const Scenario& scenario) {
    for (const Check& check : scenario.checks) {
      if (check.judged.because.empty()) {
        report(scenario, line_of(scenario, "check: " + check.judged.id), true,
               "the check \"" + check.judged.id + "\" has no because");
      }
    }
  }

  void check_negatives(const Scenario& scenario) {
    if (!scenario.reached.empty()) {
      return;
    }
    const bool expects_results =
        std::ranges::any_of(scenario.steps, [](const ScenarioStep& step) { return step.has_expectation(); });
    for (const Check& check : scenario.checks) {
      const bool supported =
          std::ranges::any_of(scenario.checks, [&](const Check& other) { return is_positive_about(other, check); });
      if (is_negative(check) && !supported && !expects_results) {
        report(scenario, line_of(scenario, "check: " + check.judged.id), true,
               "the check \"" + check.judged.id +
                   "\" says that nothing happened: add reached, or a positive check on the same");
      }
    }
  }

  void check_twin(const Scenario& scenario) {
    if (!scenario.twin.empty() && std::ranges::find(ids_, scenario.twin) == ids_.end()) {
      const std::string nearest = oidc::nearest_name(scenario.twin, ids_);
      report(scenario, scenario.twin_place, true,
             "there is no scenario \"" + scenario.twin + "\"" +
                 (nearest.empty() ? "" : " (did you mean \"" + nearest + "\"?)"));
    }
    std::size_t requests = 0;
    std::size_t negative = 0;
    for (const Check& check : scenario.checks) {
      requests += check.kind == "requests" ? 1 : 0;
      negative += check.kind == "requests" && is_negative(check) ? 1 : 0;
    }
    if (scenario.twin.empty() && negative > 0 && negative == requests) {
      report(scenario, line_of(scenario, "expect:"), true,
             "its only checks of requests say that there are none: name the positive control as twin");
    }
  }

  const std::vector<Scenario>& scenarios_;
  std::vector<std::string> ids_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::string to_line(const LintFinding& finding) {
  const std::string column = finding.column == 0 ? "" : ":" + std::to_string(finding.column);
  return finding.file + ":" + std::to_string(finding.line) + column + ": " + (finding.error ? "error: " : "warning: ") +
         finding.sentence;
}

std::vector<LintFinding> lint(const std::vector<Scenario>& checked, const std::vector<Scenario>& library) {
  return Linter{checked, library}.run();
}

}  // namespace scenarios
