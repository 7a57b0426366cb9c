#include "checks/causes.hpp"

#include <gtest/gtest.h>

#include "judged_run.hpp"

namespace scenarios {
namespace {

constexpr const char* kHead = "title: A\nwhy: b\nstatements: [S]\n";

/// Login, a validation that changes nothing, renewal; a check of the whole run and one of the second step.
constexpr const char* kSteps = R"(
script:
  - {id: outage, when: {endpoint: token}, do: {status: 503}}
steps:
  - {do: login, check: login, expect: {ok: {}}}
  - {do: validate, token: at#1, check: validate, expect: {ok: {}}}
  - {do: refresh, check: refresh, expect: {ok: {}}}
expect:
  - {check: whole, requests: {to: token, count: 2}, because: c}
  - {check: second, requests: {to: jwks, during: 2, count: 1}, because: c}
)";

class CausesTest : public ::testing::Test {
 protected:
  static Scenario steps(const std::string& from = "", const std::string& to = "") {
    std::string text = std::string{kHead} + kSteps;
    if (!from.empty()) {
      text.replace(text.find(from), from.size(), to);
    }
    return made::scenario(text);
  }
  static const Check& check(const Scenario& scenario, std::size_t index) { return scenario.checks.at(index); }
};

TEST_F(CausesTest, ThereAreNoneWhereAllWentAsPlanned) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::ok(), made::ok(), made::ok()}};
  const Causes causes{scenario, seen.evidence};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(causes.of_step(i).id, "");
    EXPECT_EQ(causes.deviation(i), "");
  }
  EXPECT_EQ(causes.of_check(check(scenario, 0)).id, "");
}

TEST_F(CausesTest, AStepRestsOnTheOnesBefore) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::err("other"), made::ok(), made::ok()}};
  const Causes causes{scenario, seen.evidence};
  EXPECT_EQ(causes.of_step(0).id, "") << "not on itself";
  EXPECT_EQ(causes.of_step(1).id, "login");
  EXPECT_EQ(causes.of_step(1).why, "gave err other");
  EXPECT_EQ(causes.of_step(2).id, "login");
}

TEST_F(CausesTest, WhatChangesNothingIsNoCause) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::ok(), made::err("validation"), made::ok()}};
  const Causes causes{scenario, seen.evidence};
  EXPECT_NE(causes.deviation(1), "");
  EXPECT_EQ(causes.of_step(2).id, "");
  EXPECT_EQ(causes.of_check(check(scenario, 0)).id, "");
}

TEST_F(CausesTest, IntrospectionAndUserinfoChangeNothingEither) {
  for (const char* step : {"{do: introspect, token: at#1}", "{do: userinfo}"}) {
    const Scenario scenario =
        made::scenario(std::string{kHead} + "steps:\n  - " + step + "\n  - {do: refresh, expect: {ok: {}}}\n");
    const made::Seen seen{{made::err("other"), made::ok()}};
    EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "") << step;
  }
}

TEST_F(CausesTest, AStepWithoutExpectationExpectsSuccess) {
  const Scenario scenario = steps("do: login, check: login, expect: {ok: {}}", "do: login");
  const made::Seen seen{{made::err("network"), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "step-1");
}

TEST_F(CausesTest, AStepOfWhichAnythingIsFineIsNoCause) {
  const Scenario scenario = steps("check: login, expect: {ok: {}}", "check: login, expect: {any: true}");
  for (const CallResult& result :
       {CallResult{Ok{}}, CallResult{Err{"other", true, "", 0, "", ""}}, CallResult{Overdue{"still polling"}}}) {
    const made::Seen seen{{made::gave(result), made::ok(), made::ok()}};
    EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "");
  }
}

TEST_F(CausesTest, ABreakdownIsACauseWhateverWasExpected) {
  const Scenario scenario = steps("check: login, expect: {ok: {}}", "check: login, expect: {any: true}");
  const made::Seen seen{{made::gave(Broken{Broken::Who::kSut, "killed by signal 11"}), {}, {}}};
  const Causes causes{scenario, seen.evidence};
  EXPECT_EQ(causes.of_step(1).id, "login");
  EXPECT_EQ(causes.of_check(check(scenario, 0)).id, "login");
}

TEST_F(CausesTest, EachOfSeveralResultsIsAsPlanned) {
  const Scenario scenario =
      steps("check: login, expect: {ok: {}}", "check: login, expect: {one_of: [{ok: {}}, {err: {kind: denied}}]}");
  const made::Seen refused{{made::err("denied"), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{scenario, refused.evidence}.of_step(1).id), "");
}

TEST_F(CausesTest, AnotherErrorThanTheExpectedOneIsARefusalStill) {
  const Scenario scenario = steps("check: login, expect: {ok: {}}", "check: login, expect: {err: {kind: denied}}");
  made::Seen seen{{made::err("other"), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "");
  seen.evidence.hello.capabilities.clear();
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "") << "told or not";
}

TEST_F(CausesTest, ASuccessThatWasNotExpectedIsACause) {
  const Scenario scenario = steps("check: login, expect: {ok: {}}", "check: login, expect: {err: {kind: denied}}");
  const made::Seen seen{{made::ok(), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "login");
}

TEST_F(CausesTest, AStepThatCouldNotTakePlaceIsACause) {
  const Scenario scenario = made::scenario(
      std::string{kHead} + "steps:\n  - {issuer: {revoke: rt#9}}\n  - {do: refresh, expect: {ok: {}}}\n");
  const made::Seen seen{{made::prevented("rt#9 was not issued"), made::ok()}};
  const Cause cause = Causes{scenario, seen.evidence}.of_step(1);
  EXPECT_EQ(cause.id, "step-1");
  EXPECT_EQ(cause.why, "rt#9 was not issued");
}

TEST_F(CausesTest, AStepThatWasNotReachedIsACause) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::ok()}};  // the run ended there
  const Causes causes{scenario, seen.evidence};
  EXPECT_EQ(causes.of_check(check(scenario, 0)).id, "refresh");
  EXPECT_EQ(causes.of_check(check(scenario, 0)).why, "did not take place");
}

TEST_F(CausesTest, AStepThatTheClientCannotDoIsNone) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::skipped(), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(2).id), "");
}

TEST_F(CausesTest, TheFirstCauseIsTold) {
  const Scenario scenario = steps();
  const made::Seen seen{{made::err("network"), made::ok(), made::err("other")}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_check(check(scenario, 0)).id), "login");
}

TEST_F(CausesTest, ACheckRestsOnAllStepsButOneOfAStepOnThoseUpToIt) {
  const Scenario scenario = steps();
  const made::Seen late{{made::ok(), made::ok(), made::err("other")}};
  EXPECT_EQ((Causes{scenario, late.evidence}.of_check(check(scenario, 0)).id), "refresh");
  EXPECT_EQ((Causes{scenario, late.evidence}.of_check(check(scenario, 1)).id), "");
  const Scenario of_third = steps("during: 2", "during: 3");
  EXPECT_EQ((Causes{of_third, late.evidence}.of_check(check(of_third, 1)).id), "refresh") << "on its own step, too";
}

TEST_F(CausesTest, ChecksThatAreNoObjectsRestOnAllSteps) {
  const Scenario scenario = steps("requests: {to: token, count: 2}", "order: [discovery, token]");
  const made::Seen seen{{made::ok(), made::ok(), made::err("other")}};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_check(check(scenario, 0)).id), "refresh");
}

TEST_F(CausesTest, EverythingRestsOnTheDeliveryOfTheScript) {
  const Scenario scenario = steps();
  made::Seen seen{{made::ok(), made::ok(), made::ok()}};
  seen.evidence.undelivered = {"outage"};
  const Causes causes{scenario, seen.evidence};
  for (const Cause& cause : {causes.of_step(0), causes.of_step(2), causes.of_check(check(scenario, 0))}) {
    EXPECT_EQ(cause.id, "outage");
    EXPECT_EQ(cause.why, "it was scripted and did not take place");
  }
}

TEST_F(CausesTest, AFailedStepGoesBeforeAnUndeliveredScript) {
  const Scenario scenario = steps();
  made::Seen seen{{made::err("network"), made::ok(), made::ok()}};
  seen.evidence.undelivered = {"outage"};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_step(1).id), "login");
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_check(check(scenario, 0)).id), "login");
}

TEST_F(CausesTest, WhatIsSaidReplacesWhatIsDerived) {
  const Scenario of_login = steps("check: refresh,", "check: refresh, rests_on: [login],");
  const Scenario of_nothing = steps("check: refresh,", "check: refresh, rests_on: [],");
  const Scenario of_validate = steps("check: refresh,", "check: refresh, rests_on: [validate],");
  made::Seen seen{{made::ok(), made::err("validation"), made::ok()}};
  seen.evidence.undelivered = {"outage"};
  EXPECT_EQ((Causes{of_login, seen.evidence}.of_step(2).id), "");
  EXPECT_EQ((Causes{of_nothing, seen.evidence}.of_step(2).id), "");
  EXPECT_EQ((Causes{of_validate, seen.evidence}.of_step(2).id), "validate") << "also what changes nothing";
}

TEST_F(CausesTest, ACheckSaysItAlike) {
  const Scenario on_script = steps("check: whole,", "check: whole, rests_on: [outage],");
  const Scenario on_nothing = steps("check: whole,", "check: whole, rests_on: [],");
  const Scenario on_step = steps("check: whole,", "check: whole, rests_on: [login],");
  made::Seen seen{{made::err("network"), made::ok(), made::ok()}};
  EXPECT_EQ((Causes{on_script, seen.evidence}.of_check(check(on_script, 0)).id), "");
  EXPECT_EQ((Causes{on_nothing, seen.evidence}.of_check(check(on_nothing, 0)).id), "");
  EXPECT_EQ((Causes{on_step, seen.evidence}.of_check(check(on_step, 0)).id), "login");
  seen.evidence.undelivered = {"outage"};
  EXPECT_EQ((Causes{on_script, seen.evidence}.of_check(check(on_script, 0)).id), "outage");
}

TEST_F(CausesTest, AScriptStepThatIsNotNamedIsNoCauseThen) {
  const Scenario scenario = steps("check: whole,", "check: whole, rests_on: [outage],");
  made::Seen seen{{made::ok(), made::ok(), made::ok()}};
  seen.evidence.undelivered = {"step-2"};
  EXPECT_EQ((Causes{scenario, seen.evidence}.of_check(check(scenario, 0)).id), "");
}

}  // namespace
}  // namespace scenarios
