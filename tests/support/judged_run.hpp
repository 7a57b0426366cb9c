#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "rules_world.hpp"
#include "scenarios/scenario.hpp"

/// A run that nobody made: a scenario, and what was seen of it.
namespace scenarios::made {

inline Scenario scenario(const std::string& text) {
  auto parsed = parse_scenario(text, "test/made", "made.yaml");
  if (!parsed) {
    throw std::logic_error{parsed.error().message};
  }
  return *std::move(parsed);
}

/// Of these lines; its title does not matter, its checks judge the statement S.
inline Scenario scenario_of(const std::string& lines) {
  const std::string head = "title: A\nwhy: b\n";
  const std::string judging = head + "statements: [S]\n" + lines;
  // Without a check nothing would judge the statement, which is an error.
  return scenario(parse_scenario(judging, "test/made", "made.yaml") ? judging : head + lines);
}

inline StepEvidence gave(CallResult result) {
  StepEvidence went;
  went.ran = true;
  went.results.push_back(std::move(result));
  return went;
}
inline StepEvidence ok(oidc::Json value = oidc::Json::object()) {
  return gave(Ok{std::move(value)});
}
inline StepEvidence err(const std::string& kind) {
  return gave(Err{kind, true, "", 0, "", ""});
}
/// A step that calls nothing: time, the issuer.
inline StepEvidence happened() {
  StepEvidence went;
  went.ran = true;
  return went;
}
inline StepEvidence prevented(std::string why) {
  StepEvidence went = happened();
  went.obstacle = std::move(why);
  return went;
}
inline StepEvidence skipped() {
  StepEvidence went;
  went.skipped = true;
  return went;
}

/// Evidence with nothing in it but how the steps went.
class Seen {
 public:
  explicit Seen(std::vector<StepEvidence> steps = {}) {
    evidence.steps = std::move(steps);
    evidence.ledger = &ledger_;
    evidence.hello.capabilities = {"typed_errors"};
  }
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

  Evidence evidence;

 private:
  mockserver::Ledger ledger_;
};

inline const CheckResult& check(const std::vector<CheckResult>& results, const std::string& id) {
  for (const CheckResult& result : results) {
    if (result.check == id) {
      return result;
    }
  }
  throw std::logic_error{"no check " + id};
}

inline bool has_check(const std::vector<CheckResult>& results, const std::string& id) {
  return std::ranges::any_of(results, [&](const CheckResult& result) { return result.check == id; });
}

}  // namespace scenarios::made
