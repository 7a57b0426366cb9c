#include "conformance/statements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace conformance {
namespace {

using testing::HasSubstr;

class StatementsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} / testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream{folder_ / name} << text; }
  std::string complaint() {
    const auto result = load_statements(folder_);
    if (result) {
      return "no complaint";
    }
    EXPECT_EQ(result.error().code, oidc::Errc::kBadInput);
    return result.error().message;
  }

  std::filesystem::path folder_;
};

constexpr const char* kGood = "A-1:\n  level: MUST\n  statement: It works.\n  source: RFC 1\n";

TEST_F(StatementsTest, ReadsEveryFileOfTheFolder) {
  write("a.yaml", kGood);
  write("b.yaml", "B-1:\n  level: SHOULD\n  statement: It is nice.\n  source: RFC 2\n  url: https://rfc.test/\n");
  const auto statements = load_statements(folder_);
  ASSERT_TRUE(statements) << statements.error().message;
  ASSERT_EQ(statements->size(), 2U);
  EXPECT_EQ(statements->at("A-1").level, Level::kMust);
  EXPECT_EQ(statements->at("B-1").level, Level::kShould);
  EXPECT_EQ(statements->at("B-1").url, "https://rfc.test/");
}

TEST_F(StatementsTest, TellsTheFolderOfAStatement) {
  std::filesystem::create_directories(folder_ / "rfc");
  write("rfc/a.yaml", kGood);
  write("b.yaml", "B-1:\n  level: MUST\n  statement: It works.\n  source: RFC 2\n");
  const auto statements = load_statements(folder_);
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_EQ(statements->at("A-1").origin, "rfc");
  EXPECT_EQ(statements->at("A-1").area(), "A");
  EXPECT_EQ(statements->at("B-1").origin, "");
}

TEST_F(StatementsTest, KeepsTheReasonOfAnExclusion) {
  write("a.yaml", std::string{kGood} + "  excluded: nobody can see it\n");
  const auto statements = load_statements(folder_);
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_EQ(statements->at("A-1").excluded, "nobody can see it");
}

TEST_F(StatementsTest, RefusesAnExclusionWithoutReason) {
  write("a.yaml", std::string{kGood} + "  excluded: \"\"\n");
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:5:13: \"excluded\" must be a text"));
}

TEST_F(StatementsTest, NamesThePlaceOfAnUnknownKeyAndTheNearestOne) {
  write("a.yaml", "A-1:\n  levl: MUST\n  statement: It works.\n  source: RFC 1\n");
  const std::string text = complaint();
  EXPECT_THAT(text, HasSubstr("a.yaml:2:3: unknown key \"levl\""));
  EXPECT_THAT(text, HasSubstr("did you mean \"level\"?"));
}

TEST_F(StatementsTest, RefusesAnUnknownLevel) {
  write("a.yaml", "A-1:\n  level: MAY\n  statement: It works.\n  source: RFC 1\n");
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:2:10: unknown level"));
}

TEST_F(StatementsTest, RefusesAStatementWithoutSource) {
  write("a.yaml", "A-1:\n  level: MUST\n  statement: It works.\n");
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:1:1: \"A-1\" has no \"source\""));
}

TEST_F(StatementsTest, RefusesAnIdThatStandsInTwoFiles) {
  write("a.yaml", kGood);
  write("b.yaml", kGood);
  EXPECT_THAT(complaint(), HasSubstr("b.yaml:1:1: \"A-1\" stands in another file already"));
}

TEST_F(StatementsTest, RefusesAnIdThatStandsTwiceInOneFile) {
  write("a.yaml", std::string{kGood} + kGood);
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:5:1"));
}

TEST_F(StatementsTest, ReportsAllProblemsAtOnce) {
  write("a.yaml", "A-1: text\nB-1:\n  level: 5\n  statement: x\n  source: y\n");
  const std::string text = complaint();
  EXPECT_THAT(text, HasSubstr("a.yaml:1:6"));
  EXPECT_THAT(text, HasSubstr("a.yaml:3:10"));
}

TEST_F(StatementsTest, RefusesAnEmptyFolder) {
  EXPECT_THAT(complaint(), HasSubstr("no statements"));
}

TEST_F(StatementsTest, RefusesAMissingFolder) {
  std::filesystem::remove_all(folder_);
  EXPECT_THAT(complaint(), HasSubstr("cannot be read"));
}

TEST(Statements, OfTheProjectCanBeRead) {
  const auto statements = load_statements(std::string{ASSAY_SOURCE_DIR} + "/conformance/statements");
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_GE(statements->size(), 380U);
}

}  // namespace
}  // namespace conformance
