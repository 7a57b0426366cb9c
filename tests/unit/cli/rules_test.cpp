#include "rules.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "commands.hpp"

namespace cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The project's own books, and a file of somebody else's statements.
class RulesTest : public ::testing::Test {
 protected:
  ~RulesTest() override { std::filesystem::remove(file_); }

  oidc::Result<scenarios::Rules> load(const std::vector<std::string>& chosen = {}, const std::string& own = "") {
    if (!own.empty()) {
      std::ofstream{file_} << own;
    }
    return load_rules(data_, chosen, own.empty() ? "" : file_);
  }
  std::string complaint(const std::vector<std::string>& chosen, const std::string& own = "") {
    const auto rules = load(chosen, own);
    return rules ? "none" : rules.error().message;
  }

  static Context context() {
    Context context;
    context.data_dir = ASSAY_SOURCE_DIR;
    return context;
  }
  const Data data_ = Data::locate(context()).value();
  const std::string file_ =
      testing::TempDir() + "own-statements-" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

constexpr const char* kMine = "MINE-1: {level: SHOULD, statement: It is quick., source: our wiki}\n";

TEST_F(RulesTest, AreTheProjectsWithNothingChosen) {
  const auto rules = load();
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_TRUE(rules->statements.contains("RFC6749-6-ROTATION"));
  EXPECT_EQ(rules->books.at("practice").kind, scenarios::BookKind::kPractice);
  EXPECT_THAT(rules->chosen, IsEmpty());
}

TEST_F(RulesTest, BooksAreChosenByName) {
  EXPECT_THAT(load({"oauth", "http"})->chosen, ElementsAre("http", "oauth"));
}

TEST_F(RulesTest, AllAreEveryBookThereIs) {
  const auto rules = load({"all"});
  EXPECT_EQ(rules->chosen.size(), rules->books.size());
  EXPECT_FALSE(rules->chosen.contains("all"));
}

TEST_F(RulesTest, ABookThatThereIsNotIsToldWithTheNearest) {
  const auto rules = load({"oauth", "planet_aut"});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, oidc::Errc::kInvalidArgument);
  EXPECT_THAT(rules.error().message,
              HasSubstr("--books: there is no book \"planet_aut\" (expected of: all, auth_core, "));
  EXPECT_THAT(rules.error().message, HasSubstr("did you mean \"planet_auth\"?)"));
}

TEST_F(RulesTest, AnEmptyNameIsNoBook) {
  EXPECT_THAT(complaint({""}), HasSubstr("there is no book \"\""));
}

TEST_F(RulesTest, OwnStatementsAreABookOfTheirOwn) {
  const auto rules = load({}, kMine);
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->statements.at("MINE-1").book, "own");
  EXPECT_TRUE(rules->books.contains("own"));
  EXPECT_THAT(load({"own"}, kMine)->chosen, ElementsAre("own"));
}

TEST_F(RulesTest, WithoutOwnStatementsThereIsNoSuchBook) {
  EXPECT_THAT(complaint({"own"}), HasSubstr("there is no book \"own\""));
}

TEST_F(RulesTest, AnOwnStatementMayNotTakeTheNameOfAnother) {
  EXPECT_THAT(complaint({}, "RFR-008: {level: SHOULD, statement: x, source: z}\n"),
              HasSubstr(file_ + ": the statement \"RFR-008\" is documented already"));
}

TEST_F(RulesTest, WhatIsWrongWithOwnStatementsIsToldWithItsPlace) {
  EXPECT_THAT(complaint({}, "MINE-1:\n  levl: SHOULD\n  statement: x\n  source: z\n"),
              HasSubstr(file_ + ":2:3: unknown key \"levl\""));
  EXPECT_THAT(load_rules(data_, {}, "/no/such.yaml").error().message, HasSubstr("/no/such.yaml: no such file"));
}

}  // namespace
}  // namespace cli
