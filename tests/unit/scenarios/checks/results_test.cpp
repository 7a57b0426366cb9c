#include "hand_made_run.hpp"

namespace scenarios {
namespace {

using ::testing::HasSubstr;

const ResultExpectation kToken{true, {{"access_token", "at#2"}}};
const ResultExpectation kDenied{false, {{"kind", "denied"}}};
const ResultExpectation kAnyError{false, oidc::Json::object()};

CallResult ok(const char* token) {
  return Ok{{{"access_token", token}}};
}
CallResult err(const char* kind) {
  return Err{kind, true, "", 0, "", ""};
}
CallResult hung() {
  return Broken{Broken::Who::kSut, "no reply within 10 s", true};
}

class ResultsTest : public ChecksTest {
 protected:
  ResultsTest() { evidence_.hello.time = TimeKind::kVirtual; }

  std::string answer(const std::vector<ResultExpectation>& expected, const std::vector<CallResult>& results) {
    return word(judge_results(expected, results, evidence_).answer);
  }
};

TEST_F(ResultsTest, WhatWasExpectedIsKept) {
  EXPECT_EQ(answer({kToken}, {ok("at#2")}), "kept");
  EXPECT_EQ(answer({kToken}, {ok("at#1")}), "broken");
  EXPECT_EQ(answer({kToken}, {err("denied")}), "broken");
  EXPECT_EQ(answer({kDenied}, {err("denied")}), "kept");
  EXPECT_EQ(answer({kDenied}, {ok("at#2")}), "broken");
  EXPECT_EQ(answer({kToken}, {}), "no evidence");
}

TEST_F(ResultsTest, EveryMemberOfAnErrorCanBeExpected) {
  const CallResult full = Err{"validation", false, "invalid_grant", 400, "exp", "expired"};
  for (const oidc::Json& members : {oidc::Json{{"kind", "validation"}}, oidc::Json{{"definite", false}},
                                    oidc::Json{{"oauth_error", "invalid_grant"}}, oidc::Json{{"http_status", 400}},
                                    oidc::Json{{"reason", "exp"}}}) {
    EXPECT_EQ(answer({{false, members}}, {full}), "kept") << members;
  }
  EXPECT_EQ(answer({{false, {{"http_status", {{"absent", true}}}}}}, {err("denied")}), "kept");
}

TEST_F(ResultsTest, AnotherErrorIsARefusalOfAnotherName) {
  EXPECT_EQ(answer({kDenied}, {err("other")}), "another error");
  evidence_.hello.capabilities.clear();
  EXPECT_EQ(answer({kDenied}, {err("other")}), "untold");
  EXPECT_EQ(answer({kDenied}, {ok("at#1")}), "broken") << "a success is no error of whatever name";
  EXPECT_EQ(answer({kAnyError}, {err("other")}), "kept");
}

TEST_F(ResultsTest, OneOfSeveralIsEnough) {
  EXPECT_EQ(answer({kToken, kDenied}, {ok("at#2")}), "kept");
  EXPECT_EQ(answer({kToken, kDenied}, {err("denied")}), "kept");
  EXPECT_EQ(answer({kDenied, kToken}, {err("denied")}), "kept") << "in either order";
  EXPECT_EQ(answer({kToken, kDenied}, {ok("at#1")}), "broken");
  EXPECT_EQ(answer({kToken, kDenied}, {err("other")}), "another error");
  EXPECT_EQ(answer({kDenied, kToken}, {err("other")}), "another error");
  EXPECT_EQ(judge_results({kToken, kDenied}, {ok("at#1")}, evidence_).expected,
            "ok {access_token: at#2}, or err {kind: denied}");
}

TEST_F(ResultsTest, OneOfManyParallelResultsIsEnoughToBreak) {
  EXPECT_EQ(answer({kToken}, {ok("at#2"), ok("at#2")}), "kept");
  const Judgement judgement = judge_results({kToken}, {ok("at#2"), ok("at#3"), ok("at#2")}, evidence_);
  EXPECT_EQ(word(judgement.answer), "broken");
  EXPECT_THAT(judgement.observed, HasSubstr("2 x ok"));
  EXPECT_EQ(judgement.expected, "each ok {access_token: at#2}");
}

TEST_F(ResultsTest, OfParallelResultsTheWorstCounts) {
  const CallResult dead = Broken{Broken::Who::kSut, "killed by signal 11"};
  EXPECT_EQ(answer({kDenied}, {err("denied"), err("other")}), "another error");
  EXPECT_EQ(answer({kDenied}, {err("other"), ok("at#1"), err("denied")}), "broken");
  EXPECT_EQ(answer({kDenied}, {ok("at#1"), dead, err("denied")}), "ERROR(sut)");
}

TEST_F(ResultsTest, ABreakdownIsNoResult) {
  EXPECT_EQ(answer({kAnyError}, {Broken{Broken::Who::kSut, "killed"}}), "ERROR(sut)");
  EXPECT_EQ(answer({kAnyError}, {Broken{Broken::Who::kAdapter, "not JSON"}}), "ERROR(adapter)");
  EXPECT_EQ(answer({kToken}, {Unsupported{"not today"}}), "ERROR(adapter)") << "it listed the operation";
}

TEST_F(ResultsTest, WhoDoesNotGiveUpWithinItsOwnTimeBrokeWhatWasExpected) {
  EXPECT_EQ(answer({kAnyError}, {Overdue{"still polling"}}), "broken");
  EXPECT_EQ(answer({kToken}, {Overdue{"still polling"}}), "broken");
  EXPECT_EQ(answer({kToken, kAnyError}, {Overdue{"still polling"}}), "broken");
  EXPECT_THAT(judge_results({kToken}, {Overdue{"still polling"}}, evidence_).observed, HasSubstr("still polling"));
}

TEST_F(ResultsTest, WhoHangsWhereItHadToGiveUpBrokeIt) {
  EXPECT_EQ(answer({kAnyError}, {hung()}), "broken");
  EXPECT_EQ(answer({kDenied, kAnyError}, {hung()}), "broken");
  EXPECT_EQ(answer({kToken}, {hung()}), "ERROR(sut)") << "why, nobody knows";
  EXPECT_EQ(answer({kToken, kAnyError}, {hung()}), "ERROR(sut)");
}

TEST_F(ResultsTest, WhoHangsOnARealClockMayStillBeWaiting) {
  for (const TimeKind time : {TimeKind::kReal, TimeKind::kFaked}) {
    evidence_.hello.time = time;
    EXPECT_EQ(answer({kAnyError}, {hung()}), "no evidence");
    EXPECT_EQ(answer({kToken}, {hung()}), "ERROR(sut)");
  }
}

TEST_F(ResultsTest, WhatTheClientDoesNotTellIsNeitherKeptNorBroken) {
  const ResultExpectation two{true, {{"access_token", "at#2"}, {"scope", "api"}}};
  EXPECT_EQ(answer({kToken}, {Ok{}}), "untold") << "a yes to everything is no pass";
  EXPECT_EQ(answer({two}, {ok("at#2")}), "untold");
  EXPECT_EQ(answer({two}, {ok("at#1")}), "broken") << "what it does tell is wrong";
  EXPECT_EQ(answer({{true, {{"access_token", {{"any", true}}}}}}, {Ok{}}), "untold");
  EXPECT_EQ(answer({{true, {{"scope", {{"absent", true}}}}}}, {ok("at#2")}), "kept");
  EXPECT_EQ(answer({{true, oidc::Json::object()}}, {Ok{}}), "kept");
}

TEST(Describe, ShowsTheMessageOfAnErrorThatHasNoKind) {
  EXPECT_EQ(describe(CallResult{Err{"other", true, "", 0, "", "KeyError:\n'x'"}}), "err other: KeyError: 'x'");
  EXPECT_EQ(describe(CallResult{Err{"denied", true, "", 0, "", "no"}}), "err denied");
}

}  // namespace
}  // namespace scenarios
