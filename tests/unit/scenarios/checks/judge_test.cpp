#include <gmock/gmock.h>

#include "judged_run.hpp"

namespace scenarios {
namespace {

using made::check;
using made::has_check;
using ::testing::HasSubstr;

/// Three checks of three weights, each of which fails where the time is not 5 s, and one that does not apply.
constexpr const char* kScenario = R"(
title: A
why: b
statements: [MUST]
steps:
  - {do: login}
  - {do: refresh, check: refreshed, expect: {ok: {}}}
expect:
  - {check: must, time: 5, because: c}
  - {check: should, statement: SHOULD, time: 5, because: c}
  - {check: advised, statement: ADVISED, time: 5, because: c}
  - {check: conditional, statement: CONDITIONAL, time: 5, because: c}
  - {check: needy, needs: {policy: [refresh_ahead]}, time: 5, because: c}
reached:
  - {requests: {to: token, count: ">=1"}}
)";

class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() : seen_{{made::ok(), made::ok()}} {
    seen_.evidence.exchanges = made::numbered({made::exchange("token", "refresh_token")});
    seen_.evidence.virtual_time = std::chrono::seconds{9};
  }

  std::vector<CheckResult> judged() { return judge(scenario_, seen_.evidence, rules_); }
  std::string verdict(const std::string& id) { return std::string{to_string(check(judged(), id).verdict)}; }
  Evidence& evidence() { return seen_.evidence; }
  /// The scenario with a replacement.
  void change(const std::string& from, const std::string& to) {
    std::string text = scenario_.source;
    scenario_ = made::scenario(text.replace(text.find(from), from.size(), to));
  }

  Rules rules_ =
      made::rules({made::statement("MUST"), made::statement("SHOULD", BookKind::kSpecification, Level::kShould),
                   made::statement("ADVISED", BookKind::kPractice), made::statement("PRODUCT", BookKind::kProduct),
                   made::only_if(made::statement("CONDITIONAL"), {"sent_nonce"})});
  Scenario scenario_ = made::scenario(kScenario);
  made::Seen seen_;
};

TEST_F(JudgeTest, EachCheckWeighsAsItsStatement) {
  EXPECT_EQ(verdict("refreshed"), "PASS");
  EXPECT_EQ(verdict("must"), "FAIL");
  EXPECT_EQ(verdict("should"), "WARN");
  EXPECT_EQ(verdict("advised"), "ADVICE");
  EXPECT_EQ(verdict("conditional"), "NOT_APPLICABLE");
  EXPECT_EQ(verdict("needy"), "UNSUPPORTED");
}

TEST_F(JudgeTest, WhatIsKeptPasses) {
  evidence().virtual_time = std::chrono::seconds{5};
  for (const char* id : {"must", "should", "advised"}) {
    EXPECT_EQ(verdict(id), "PASS") << id;
  }
}

TEST_F(JudgeTest, WhatTheClientWasSeenDoingDecidesWhatBindsIt) {
  evidence().exchanges =
      made::numbered({made::exchange("token", "refresh_token"), made::exchange("authorize", "", {{"nonce", "n"}})});
  EXPECT_EQ(verdict("conditional"), "FAIL");
}

TEST_F(JudgeTest, WhatTheClientDeclaresDecidesWhatItIsAsked) {
  evidence().hello.policy.refresh = {RefreshPolicy::When::kRatio, 0.5};
  EXPECT_EQ(verdict("needy"), "FAIL");
}

TEST_F(JudgeTest, TheOrderIsThatOfTheScenarioWithTheImplicitOnesBehind) {
  std::vector<std::string> ids;
  for (const CheckResult& result : judged()) {
    ids.push_back(result.check);
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("refreshed", "must", "should", "advised", "conditional", "needy",
                                          "no-secret-in-output", "no-unscripted-request", "clean-exit"));
}

// Steps

TEST_F(JudgeTest, AStepThatNothingIsExpectedOfIsToldOnlyWhenItFails) {
  EXPECT_FALSE(has_check(judged(), "step-1"));
  evidence().steps[0] = made::err("network");
  const CheckResult told = check(judged(), "step-1");
  EXPECT_EQ(told.verdict, Verdict::kNotReached) << "nobody stated that it must succeed";
  EXPECT_EQ(told.observed, "err network");
  EXPECT_EQ(told.cause, "");
}

TEST_F(JudgeTest, AFailedStepIsTheCauseOfTheRestAndNothingElseIsCharged) {
  evidence().steps[0] = made::err("network");
  for (const char* id : {"refreshed", "must", "should", "advised"}) {
    const CheckResult result = check(judged(), id);
    EXPECT_EQ(result.verdict, Verdict::kNotReached) << id;
    EXPECT_EQ(result.cause, "step-1") << id;
  }
  EXPECT_EQ(verdict("conditional"), "NOT_APPLICABLE");
  EXPECT_EQ(verdict("needy"), "UNSUPPORTED");
}

TEST_F(JudgeTest, AnExpectedStepIsChargedAndTheRestHasItAsItsCause) {
  evidence().steps[1] = made::err("network");
  EXPECT_EQ(verdict("refreshed"), "FAIL");
  EXPECT_EQ(check(judged(), "must").cause, "refreshed");
}

TEST_F(JudgeTest, AStepOfWhichAnythingIsFineIsNeverTold) {
  change("{do: refresh, check: refreshed, expect: {ok: {}}}", "{do: refresh, check: refreshed, expect: {any: true}}");
  for (const CallResult& result :
       {CallResult{Ok{}}, CallResult{Err{"other", true, "", 0, "", ""}}, CallResult{Overdue{"still polling"}}}) {
    evidence().steps[1] = made::gave(result);
    EXPECT_FALSE(has_check(judged(), "refreshed"));
    EXPECT_EQ(verdict("must"), "FAIL");
  }
}

TEST_F(JudgeTest, ABreakdownIsToldOfAnyStep) {
  for (const std::size_t step : {0, 1}) {
    seen_.evidence.steps = {made::ok(), made::ok()};
    evidence().steps[step] = made::gave(Broken{Broken::Who::kSut, "killed by signal 11"});
    const CheckResult result = check(judged(), step == 0 ? "step-1" : "refreshed");
    EXPECT_EQ(result.verdict, Verdict::kErrorSut);
    EXPECT_THAT(result.observed, HasSubstr("killed by signal 11"));
    EXPECT_EQ(verdict("must"), "NOT_REACHED");
  }
}

TEST_F(JudgeTest, AStepThatCouldNotTakePlaceIsNotReached) {
  evidence().steps[1] = made::prevented("at#9 was not issued");
  const CheckResult result = check(judged(), "refreshed");
  EXPECT_EQ(result.verdict, Verdict::kNotReached);
  EXPECT_EQ(result.expected, "the step takes place");
  EXPECT_EQ(result.observed, "at#9 was not issued");
  EXPECT_EQ(check(judged(), "must").cause, "refreshed");
}

TEST_F(JudgeTest, AStepThatTheClientCannotDoIsUnsupportedAndNoCause) {
  change("check: refreshed,", "check: refreshed, needs: {ops: [refresh]},");
  evidence().steps[1] = made::skipped();
  EXPECT_EQ(verdict("refreshed"), "UNSUPPORTED");
  EXPECT_EQ(verdict("must"), "FAIL");
}

TEST_F(JudgeTest, AnUndeliveredScriptStepIsNeverCharged) {
  evidence().undelivered = {"outage"};
  for (const char* id : {"refreshed", "must"}) {
    EXPECT_EQ(check(judged(), id).cause, "outage") << id;
    EXPECT_EQ(verdict(id), "NOT_REACHED") << id;
  }
}

TEST_F(JudgeTest, WhoRestsOnNothingIsJudgedAllTheSame) {
  change("check: must,", "check: must, rests_on: [],");
  evidence().undelivered = {"outage"};
  evidence().steps[1] = made::err("network");
  EXPECT_EQ(verdict("must"), "FAIL");
  EXPECT_EQ(verdict("should"), "NOT_REACHED");
}

// Witnesses

TEST_F(JudgeTest, AMissingWitnessTakesBackWhatWasSaidGoodOrBad) {
  evidence().exchanges.clear();
  for (const char* id : {"refreshed", "must", "should", "advised"}) {
    const CheckResult result = check(judged(), id);
    EXPECT_EQ(result.verdict, Verdict::kNotReached) << id;
    EXPECT_THAT(result.observed,
                HasSubstr("the situation did not come about: expected requests to token: >=1, observed none"));
  }
}

TEST_F(JudgeTest, AMissingWitnessLeavesTheRestAlone) {
  evidence().exchanges.clear();
  EXPECT_EQ(verdict("conditional"), "NOT_APPLICABLE");
  EXPECT_EQ(verdict("needy"), "UNSUPPORTED");
  EXPECT_EQ(verdict("no-secret-in-output"), "PASS") << "secrets are kept or not, whatever came about";
  evidence().steps[1] = made::gave(Broken{Broken::Who::kAdapter, "not JSON"});
  EXPECT_EQ(verdict("refreshed"), "ERROR(adapter)");
}

TEST_F(JudgeTest, EveryWitnessMustHold) {
  change("reached:\n", "reached:\n  - {time: 9}\n");
  EXPECT_EQ(verdict("must"), "FAIL");
  evidence().virtual_time = std::chrono::seconds{8};
  EXPECT_THAT(check(judged(), "must").observed, HasSubstr("expected 9 s from the first step to the end, observed 8 s"));
  evidence().virtual_time = std::chrono::seconds{9};
  evidence().exchanges.clear();
  EXPECT_EQ(verdict("must"), "NOT_REACHED") << "the last one counts as much as the first";
}

TEST_F(JudgeTest, AWitnessBetweenOthersCountsAsMuch) {
  change("reached:\n", "reached:\n  - {time: 9}\n  - {requests: {to: jwks, count: \">=1\"}}\n");
  EXPECT_THAT(check(judged(), "must").observed, HasSubstr("expected requests to jwks: >=1, observed none"));
}

TEST_F(JudgeTest, AWitnessWithoutEvidenceDoesNotHold) {
  // None of these is contradicted by what was seen; that they hold was not seen either.
  for (const char* witness : {"requests: {to: token, nth: 2, form: {refresh_token: {any: true}}}",
                              "requests: {to: token, gaps: {2: \">=5\"}}", "order: [discovery, token]"}) {
    scenario_ = made::scenario(kScenario);
    change("reached:\n", std::string{"reached:\n  - {"} + witness + "}\n");
    EXPECT_EQ(verdict("must"), "NOT_REACHED") << witness;
  }
}

// The whole scenario

TEST_F(JudgeTest, WhatTurnsOutImpossibleIsUnsupportedAsAWhole) {
  evidence().unsupported = "the client's saving cannot be made to fail";
  const auto results = judged();
  ASSERT_EQ(results.size(), 6U);
  for (const CheckResult& result : results) {
    EXPECT_EQ(result.verdict, Verdict::kUnsupported) << result.check;
    EXPECT_EQ(result.observed, "the client's saving cannot be made to fail");
  }
}

TEST_F(JudgeTest, AClientThatDidNotStartIsChargedWithNothing) {
  evidence().not_started = "start";
  for (const CheckResult& result : judged()) {
    EXPECT_EQ(result.verdict, Verdict::kNotReached) << result.check;
    EXPECT_EQ(result.observed, "the client did not start");
    EXPECT_EQ(result.cause, "start");
  }
}

TEST_F(JudgeTest, ASessionThatIsNotThereIsTheCauseOfAll) {
  evidence().not_started = "seed";
  EXPECT_EQ(check(judged(), "must").cause, "seed");
  EXPECT_EQ(check(judged(), "must").observed, "the session that it begins with is not there");
}

TEST_F(JudgeTest, AClientThatDidNotStartMayYetHaveShownASecret) {
  evidence().not_started = "start";
  evidence().client_secrets = {{"service", "s3cr3t"}};
  evidence().output = "cannot start with s3cr3t";
  EXPECT_EQ(verdict("no-secret-in-output"), "FAIL");
}

TEST_F(JudgeTest, WithoutAClientTheStartIsToldFirst) {
  for (const auto& [who, verdict] :
       {std::pair{Broken::Who::kSut, Verdict::kErrorSut}, {Broken::Who::kAdapter, Verdict::kErrorAdapter}}) {
    const auto results = judge_without_client(scenario_, {who, "no such program"});
    ASSERT_EQ(results.size(), 7U);
    EXPECT_EQ(results[0].check, "start");
    EXPECT_EQ(results[0].verdict, verdict);
    EXPECT_EQ(results[0].observed, "no such program");
    EXPECT_EQ(results[1].verdict, Verdict::kNotReached);
  }
}

TEST_F(JudgeTest, WhatIsNotRunIsUnsupportedForOneReason) {
  const auto results = judge_unsupported(scenario_, "the client has no flow \"code\"");
  ASSERT_EQ(results.size(), 6U);
  for (const CheckResult& result : results) {
    EXPECT_EQ(result.verdict, Verdict::kUnsupported);
    EXPECT_EQ(result.observed, "the client has no flow \"code\"");
  }
}

TEST_F(JudgeTest, AKindOfCheckThatDoesNotExistIsTheHarnessesFault) {
  scenario_.checks[0].kind = "weather";
  EXPECT_EQ(verdict("must"), "ERROR(harness)");
}

// The verdict of a scenario

TEST(OutcomeVerdict, IsTheWorstOfItsChecks) {
  Outcome outcome;
  outcome.checks = {{"a", "", Verdict::kPass, "", "", "", {}}, {"b", "", Verdict::kAdvice, "", "", "", {}}};
  EXPECT_EQ(outcome.verdict(), Verdict::kAdvice);
}

TEST(OutcomeVerdict, OfAScenarioThatJudgedNothingIsNoPassForKeptSecrets) {
  Outcome outcome;
  outcome.checks = {{"a", "", Verdict::kNotApplicable, "", "", "", {}},
                    {"no-secret-in-output", "", Verdict::kPass, "", "", "", {}}};
  EXPECT_EQ(outcome.verdict(), Verdict::kNotApplicable);
  outcome.checks[1].verdict = Verdict::kFail;
  EXPECT_EQ(outcome.verdict(), Verdict::kFail);
}

TEST(OutcomeVerdict, WithoutChecksNothingWasReached) {
  EXPECT_EQ(Outcome{}.verdict(), Verdict::kNotReached);
}

struct Pair {
  Verdict less;
  Verdict more;
};
class WeightTest : public ::testing::TestWithParam<Pair> {};

TEST_P(WeightTest, IsInThisOrderWhicheverComesFirst) {
  EXPECT_EQ(worse_of(GetParam().less, GetParam().more), GetParam().more);
  EXPECT_EQ(worse_of(GetParam().more, GetParam().less), GetParam().more);
}

constexpr Pair kOrder[] = {{Verdict::kNotApplicable, Verdict::kUnsupported},
                           {Verdict::kUnsupported, Verdict::kPass},
                           {Verdict::kPass, Verdict::kObserved},
                           {Verdict::kObserved, Verdict::kXfail},
                           {Verdict::kXfail, Verdict::kAdvice},
                           {Verdict::kAdvice, Verdict::kNotReached},
                           {Verdict::kNotReached, Verdict::kWarn},
                           {Verdict::kWarn, Verdict::kXpass},
                           {Verdict::kXpass, Verdict::kFail},
                           {Verdict::kFail, Verdict::kErrorSut},
                           {Verdict::kErrorSut, Verdict::kErrorAdapter},
                           {Verdict::kErrorAdapter, Verdict::kErrorHarness}};
INSTANTIATE_TEST_SUITE_P(Verdicts, WeightTest, ::testing::ValuesIn(kOrder),
                         [](const auto& test) { return "Pair" + std::to_string(test.index); });

TEST(Verdicts, AreCalledAsTheReportsCallThem) {
  EXPECT_EQ(to_string(Verdict::kAdvice), "ADVICE");
  EXPECT_EQ(to_string(Verdict::kNotApplicable), "NOT_APPLICABLE");
  EXPECT_EQ(to_string(Verdict::kErrorAdapter), "ERROR(adapter)");
  EXPECT_TRUE(is_error(Verdict::kErrorHarness));
  EXPECT_FALSE(is_error(Verdict::kFail));
}

}  // namespace
}  // namespace scenarios
