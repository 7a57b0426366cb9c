#include "rules/ruling.hpp"

#include <gmock/gmock.h>

#include "rules_world.hpp"

namespace scenarios {
namespace {

using ::testing::ElementsAre;

constexpr auto kSpecification = BookKind::kSpecification;
constexpr auto kPractice = BookKind::kPractice;
constexpr auto kProduct = BookKind::kProduct;

/// One client that did nothing yet, and what rules about it.
class RulingTest : public ::testing::Test {
 protected:
  Ruling ruling(const std::vector<std::string>& names, const Rules& rules) const {
    return rule(names, rules, own_, {hello_, exchanges_});
  }

  Hello hello_;
  Statements own_;
  std::vector<mockserver::Exchange> exchanges_;
};

struct Breach {
  const char* name;
  BookKind kind;
  Level level;
  Strength strength;
  Verdict breach;
};
class BreachTest : public ::testing::TestWithParam<Breach> {};

TEST_P(BreachTest, WeighsWhatTheTextSays) {
  const Statement statement = made::statement("A", GetParam().kind, GetParam().level, GetParam().strength);
  EXPECT_EQ(to_string(breach_of(statement)), to_string(GetParam().breach));
}

constexpr Breach kBreaches[] = {
    {"MustByKeyword", kSpecification, Level::kMust, Strength::kKeyword, Verdict::kFail},
    {"MustByDefinition", kSpecification, Level::kMust, Strength::kDefinition, Verdict::kFail},
    {"MustSaidPlainly", kSpecification, Level::kMust, Strength::kPlain, Verdict::kWarn},
    {"MustDerived", kSpecification, Level::kMust, Strength::kDerived, Verdict::kWarn},
    {"MustTolerate", kSpecification, Level::kMust, Strength::kTolerance, Verdict::kWarn},
    {"MustOfMerePractice", kSpecification, Level::kMust, Strength::kPractice, Verdict::kAdvice},
    {"Should", kSpecification, Level::kShould, Strength::kKeyword, Verdict::kWarn},
    {"ShouldByDefinition", kSpecification, Level::kShould, Strength::kDefinition, Verdict::kWarn},
    {"PracticeInASpecification", kSpecification, Level::kPractice, Strength::kKeyword, Verdict::kAdvice},
    {"Practice", kPractice, Level::kPractice, Strength::kPractice, Verdict::kAdvice},
    {"MustInTheBookOfPractice", kPractice, Level::kMust, Strength::kKeyword, Verdict::kAdvice},
    {"ProductsMust", kProduct, Level::kMust, Strength::kKeyword, Verdict::kFail},
    {"ProductsShould", kProduct, Level::kShould, Strength::kKeyword, Verdict::kFail},
    {"ProductsDocumented", kProduct, Level::kDocumented, Strength::kKeyword, Verdict::kFail},
    {"ProductsCompat", kProduct, Level::kCompat, Strength::kPlain, Verdict::kFail},
};
INSTANTIATE_TEST_SUITE_P(Statements, BreachTest, ::testing::ValuesIn(kBreaches),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(RulingTest, AClientIsBoundByEverySpecificationByPracticeAndByWhatItClaims) {
  const Rules rules = made::rules({});
  EXPECT_THAT(rules.binding(hello_), ElementsAre("oauth", "practice"));
  hello_.books = {"product"};
  EXPECT_THAT(rules.binding(hello_), ElementsAre("oauth", "practice", "product"));
}

TEST_F(RulingTest, ChosenBooksReplaceThoseThatBindByThemselves) {
  Rules rules = made::rules({});
  rules.chosen = {"product"};
  EXPECT_THAT(rules.binding(hello_), ElementsAre("product"));
  rules.chosen = {"oauth"};
  hello_.books = {"product"};
  EXPECT_THAT(rules.binding(hello_), ElementsAre("oauth"));
}

TEST_F(RulingTest, TheStrongestThatBindsDecides) {
  const Rules rules = made::rules({made::statement("ADVISED", kPractice),
                                   made::statement("SHOULD", kSpecification, Level::kShould), made::statement("MUST")});
  const Ruling ruling = this->ruling({"ADVISED", "MUST", "SHOULD"}, rules);
  EXPECT_EQ(ruling.statement, "MUST");
  EXPECT_EQ(ruling.breach, Verdict::kFail);
  EXPECT_EQ(this->ruling({"ADVISED", "SHOULD"}, rules).statement, "SHOULD");
}

TEST_F(RulingTest, OfEquallyStrongOnesTheFirstDecides) {
  const Rules rules = made::rules({made::statement("A"), made::statement("B")});
  EXPECT_EQ(ruling({"B", "A"}, rules).statement, "B");
  EXPECT_EQ(ruling({"A", "B"}, rules).statement, "A");
}

TEST_F(RulingTest, AProductBindsThoseWhoClaimIt) {
  const Rules rules = made::rules({made::statement("ADVISED", kPractice), made::statement("PRODUCT", kProduct)});
  EXPECT_EQ(ruling({"ADVISED", "PRODUCT"}, rules).breach, Verdict::kAdvice);
  EXPECT_EQ(ruling({"PRODUCT"}, rules).breach, Verdict::kNotApplicable);
  hello_.books = {"product"};
  const Ruling claimed = ruling({"ADVISED", "PRODUCT"}, rules);
  EXPECT_EQ(claimed.statement, "PRODUCT");
  EXPECT_EQ(claimed.breach, Verdict::kFail);
  EXPECT_EQ(claimed.kind, kProduct);
}

TEST_F(RulingTest, AStatementWhoseConditionDoesNotHoldIsPassedOver) {
  const Rules rules =
      made::rules({made::only_if(made::statement("MUST"), {"rfc9207"}), made::statement("ADVISED", kPractice)});
  EXPECT_EQ(ruling({"MUST", "ADVISED"}, rules).statement, "ADVISED");
  hello_.capabilities = {"rfc9207"};
  EXPECT_EQ(ruling({"MUST", "ADVISED"}, rules).statement, "MUST");
}

TEST_F(RulingTest, AllConditionsMustHold) {
  const Rules rules = made::rules({made::only_if(made::statement("MUST"), {"rfc9207", "sent_state"})});
  hello_.capabilities = {"rfc9207"};
  EXPECT_EQ(ruling({"MUST"}, rules).breach, Verdict::kNotApplicable);
  exchanges_ = {made::exchange("authorize", "", {{"state", "s"}})};
  EXPECT_EQ(ruling({"MUST"}, rules).breach, Verdict::kFail);
  hello_.capabilities.clear();
  EXPECT_EQ(ruling({"MUST"}, rules).breach, Verdict::kNotApplicable);
}

TEST_F(RulingTest, SaysOfEachStatementWhatItWouldTake) {
  const Rules rules =
      made::rules({made::only_if(made::statement("MUST"), {"rfc9207"}), made::statement("PRODUCT", kProduct)});
  const Ruling ruling = this->ruling({"MUST", "PRODUCT"}, rules);
  EXPECT_EQ(ruling.statement, "MUST");
  EXPECT_EQ(ruling.why_not, "MUST: binds only if it supports RFC 9207; PRODUCT: the book product is not this client's");
}

TEST_F(RulingTest, OwnStatementsBindWhateverBooksAreChosen) {
  Rules rules = made::rules({});
  rules.chosen = {"oauth"};
  Statement mine = made::statement("MINE", kSpecification, Level::kShould);
  mine.book = "own";
  own_ = {{"MINE", mine}};
  EXPECT_EQ(ruling({"MINE"}, rules).breach, Verdict::kWarn);
}

TEST_F(RulingTest, AStatementThatNobodyDocumentedIsTakenForAMust) {
  EXPECT_EQ(ruling({"NOWHERE"}, made::rules({})).breach, Verdict::kFail);
}

TEST_F(RulingTest, WhatNobodyStatedIsNotCharged) {
  const Ruling ruling = this->ruling({}, made::rules({}));
  EXPECT_EQ(ruling.statement, "");
  EXPECT_EQ(ruling.breach, Verdict::kObserved);
}

TEST_F(RulingTest, OneKindOfBooksCanBeAskedFor) {
  hello_.books = {"product"};
  const Rules rules = made::rules({made::statement("MUST"), made::statement("PRODUCT", kProduct)});
  const auto of_product = [&](const std::vector<std::string>& names) {
    return rule(names, rules, own_, {hello_, exchanges_}, kProduct);
  };
  EXPECT_EQ(of_product({"MUST", "PRODUCT"}).statement, "PRODUCT");
  EXPECT_EQ(of_product({"MUST"}).breach, Verdict::kNotApplicable);
}

}  // namespace
}  // namespace scenarios
