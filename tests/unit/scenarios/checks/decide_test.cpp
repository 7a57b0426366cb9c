#include "checks/decide.hpp"

#include <gmock/gmock.h>

#include "rules_world.hpp"

namespace scenarios {
namespace {

using ::testing::HasSubstr;

/// One check that names three statements of three strengths.
class DecideTest : public ::testing::Test {
 protected:
  DecideTest() {
    judged_.id = "the-check";
    judged_.because = "a reason";
    judged_.statements = {"MUST"};
  }

  CheckResult decide(Answer answer) {
    const Bench bench{rules_, own_, {hello_, exchanges_}};
    return scenarios::decide(judged_, {answer, "this", "that", {3}}, cause_, bench);
  }
  std::string verdict(Answer answer) { return std::string{to_string(decide(answer).verdict)}; }

  Rules rules_ =
      made::rules({made::statement("MUST"), made::statement("SHOULD", BookKind::kSpecification, Level::kShould),
                   made::statement("ADVISED", BookKind::kPractice), made::statement("PRODUCT", BookKind::kProduct),
                   made::only_if(made::statement("CONDITIONAL"), {"rfc9207"})});
  Statements own_;
  Hello hello_;
  std::vector<mockserver::Exchange> exchanges_;
  Judged judged_;
  Cause cause_;
};

constexpr Answer kErrors[] = {Answer::kErrorSut, Answer::kErrorAdapter, Answer::kErrorHarness};
const std::vector<std::string> kErrorWords{"ERROR(sut)", "ERROR(adapter)", "ERROR(harness)"};

TEST_F(DecideTest, WhatIsKeptPassesAndWhatIsBrokenWeighsAsItsStatement) {
  for (const auto& [statement, word] : {std::pair{"MUST", "FAIL"}, {"SHOULD", "WARN"}, {"ADVISED", "ADVICE"}}) {
    judged_.statements = {statement};
    EXPECT_EQ(verdict(Answer::kKept), "PASS");
    EXPECT_EQ(verdict(Answer::kBroken), word);
    EXPECT_EQ(decide(Answer::kBroken).statement, statement);
  }
}

TEST_F(DecideTest, WithoutEvidenceNothingIsCharged) {
  EXPECT_EQ(verdict(Answer::kNoEvidence), "NOT_REACHED");
  EXPECT_EQ(decide(Answer::kNoEvidence).cause, "") << "nothing went otherwise before";
}

TEST_F(DecideTest, WhatCannotBeToldIsRecordedOnly) {
  EXPECT_EQ(verdict(Answer::kUntold), "OBSERVED");
}

TEST_F(DecideTest, KeepsWhatWasExpectedAndSeen) {
  const CheckResult result = decide(Answer::kBroken);
  EXPECT_EQ(result.check, "the-check");
  EXPECT_EQ(result.because, "a reason");
  EXPECT_EQ(result.expected, "this");
  EXPECT_EQ(result.observed, "that");
  EXPECT_THAT(result.exchanges, ::testing::ElementsAre(3));
}

TEST_F(DecideTest, AnotherErrorIsChargedByAProductOnly) {
  EXPECT_EQ(verdict(Answer::kOtherError), "OBSERVED");
  judged_.statements = {"MUST", "PRODUCT"};
  EXPECT_EQ(verdict(Answer::kOtherError), "OBSERVED") << "it does not claim that book";
  hello_.books = {"product"};
  const CheckResult result = decide(Answer::kOtherError);
  EXPECT_EQ(to_string(result.verdict), "FAIL");
  EXPECT_EQ(result.statement, "PRODUCT") << "the equally strong general one says nothing of kinds";
  EXPECT_EQ(decide(Answer::kBroken).statement, "MUST");
}

TEST_F(DecideTest, AnotherErrorIsNotChargedByPracticeEither) {
  judged_.statements = {"ADVISED"};
  EXPECT_EQ(verdict(Answer::kOtherError), "OBSERVED");
}

TEST_F(DecideTest, WithoutAStatementABreachIsToldAndNotCharged) {
  judged_.statements.clear();
  EXPECT_EQ(verdict(Answer::kBroken), "OBSERVED");
  EXPECT_EQ(verdict(Answer::kKept), "PASS");
}

TEST_F(DecideTest, AStatementThatDoesNotBindIsNotApplicable) {
  judged_.statements = {"CONDITIONAL"};
  for (const Answer answer :
       {Answer::kKept, Answer::kBroken, Answer::kNoEvidence, Answer::kOtherError, Answer::kUntold}) {
    const CheckResult result = decide(answer);
    EXPECT_EQ(to_string(result.verdict), "NOT_APPLICABLE");
    EXPECT_EQ(result.observed, "CONDITIONAL: binds only if it supports RFC 9207");
  }
}

TEST_F(DecideTest, ANeedThatIsNotMetMakesTheCheckAloneUnsupported) {
  judged_.needs.capabilities = {"storage"};
  for (const Answer answer : {Answer::kKept, Answer::kBroken, Answer::kNoEvidence}) {
    const CheckResult result = decide(answer);
    EXPECT_EQ(to_string(result.verdict), "UNSUPPORTED");
    EXPECT_EQ(result.observed, "the client has no capability \"storage\"");
  }
  hello_.capabilities = {"storage"};
  EXPECT_EQ(verdict(Answer::kBroken), "FAIL");
}

TEST_F(DecideTest, WhatRestsOnSomethingElseIsNotReachedBecauseOfIt) {
  cause_ = {"login", "gave err other"};
  for (const Answer answer :
       {Answer::kKept, Answer::kBroken, Answer::kNoEvidence, Answer::kOtherError, Answer::kUntold}) {
    const CheckResult result = decide(answer);
    EXPECT_EQ(to_string(result.verdict), "NOT_REACHED");
    EXPECT_EQ(result.cause, "login");
    EXPECT_EQ(result.observed, "because of login, which gave err other");
    EXPECT_EQ(result.expected, "this");
  }
}

// Two reasons at once: which of them is told.

TEST_F(DecideTest, AnErrorOutweighsEverything) {
  judged_.needs.capabilities = {"storage"};
  judged_.statements = {"CONDITIONAL"};
  cause_ = {"login", "gave err other"};
  for (std::size_t i = 0; i < std::size(kErrors); ++i) {
    const CheckResult result = decide(kErrors[i]);
    EXPECT_EQ(to_string(result.verdict), kErrorWords[i]);
    EXPECT_EQ(result.observed, "that");
    EXPECT_EQ(result.cause, "");
  }
}

TEST_F(DecideTest, WhatDoesNotApplyHasNoCause) {
  judged_.statements = {"CONDITIONAL"};
  cause_ = {"login", "gave err other"};
  EXPECT_EQ(verdict(Answer::kBroken), "NOT_APPLICABLE");
  EXPECT_EQ(decide(Answer::kBroken).cause, "");
}

TEST_F(DecideTest, WhatTheClientCannotDoHasNoCause) {
  judged_.needs.ops = {"validate"};
  cause_ = {"login", "gave err other"};
  EXPECT_EQ(verdict(Answer::kBroken), "UNSUPPORTED");
  EXPECT_EQ(decide(Answer::kBroken).cause, "");
}

TEST_F(DecideTest, WhatTheClientCannotDoNeedNotApply) {
  judged_.needs.policy = {"refresh_ahead"};
  judged_.statements = {"CONDITIONAL"};
  EXPECT_EQ(verdict(Answer::kBroken), "UNSUPPORTED");
  EXPECT_THAT(decide(Answer::kBroken).observed, HasSubstr("does not say that it renews tokens before they expire"));
}

TEST_F(DecideTest, ACauseOutweighsWhatNobodyStated) {
  judged_.statements.clear();
  cause_ = {"login", "gave err other"};
  EXPECT_EQ(verdict(Answer::kBroken), "NOT_REACHED");
}

TEST_F(DecideTest, OwnStatementsWeighAsTheySay) {
  Statement mine = made::statement("MINE", BookKind::kSpecification, Level::kShould);
  mine.book = "own";
  own_ = {{"MINE", mine}};
  judged_.statements = {"MINE"};
  EXPECT_EQ(verdict(Answer::kBroken), "WARN");
}

}  // namespace
}  // namespace scenarios
