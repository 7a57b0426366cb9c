#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "commands.hpp"
#include "oidc/json.hpp"

namespace cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// `assay statements ...` in this process, on the files of the source tree.
class Statements : public ::testing::Test {
 protected:
  int statements(std::vector<std::string> arguments) {
    Context context;
    context.data_dir = ASSAY_SOURCE_DIR;
    CLI::App app;
    add_statements(app, context);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    arguments.emplace_back("statements");
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    app.parse(arguments);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return context.exit_code;
  }

  std::string out_;
  std::string err_;
};

TEST_F(Statements, OfOneIdPrintsItsTextItsSourceAndItsJudges) {
  EXPECT_EQ(statements({"RFC6749-6-ROTATION"}), kAsExpected);
  EXPECT_THAT(out_, HasSubstr("RFC6749-6-ROTATION (MUST): "));
  EXPECT_THAT(out_, HasSubstr("source: RFC 6749 §6, https://www.rfc-editor.org/"));
  EXPECT_THAT(out_, HasSubstr("check: refresh/rotation-survives-restart "));
  EXPECT_THAT(out_, HasSubstr(", which catches a faulty client"));
}

TEST_F(Statements, PrintsTheIdsAskedForAndNoOthers) {
  EXPECT_EQ(statements({"RFR-008", "RFR-009"}), kAsExpected);
  EXPECT_THAT(out_, HasSubstr("RFR-008 (MUST)"));
  EXPECT_THAT(out_, HasSubstr("RFR-009 (DOCUMENTED)"));
  EXPECT_THAT(out_, Not(HasSubstr("RFR-007")));
}

TEST_F(Statements, OfAnAreaAreListedALineEach) {
  EXPECT_EQ(statements({"RFC8628-3.5"}), kAsExpected);
  EXPECT_THAT(out_, HasSubstr("RFC8628-3.5-SLOW-DOWN"));
  EXPECT_THAT(out_, Not(HasSubstr("source: ")));
  EXPECT_THAT(out_, Not(HasSubstr("RFC8628-3.4")));
  EXPECT_EQ(statements({"RFR"}), kAsExpected);
  EXPECT_THAT(out_, testing::ContainsRegex("RFR-008 +MUST +refresh/[^\n]+, [0-9]+ more\n"));
  EXPECT_THAT(out_, Not(HasSubstr("RFC")));
}

TEST_F(Statements, MayBeNamedInSmallLetters) {
  EXPECT_EQ(statements({"rfr-008"}), kAsExpected);
  EXPECT_THAT(out_, HasSubstr("RFR-008 (MUST)"));
}

TEST_F(Statements, OfASourceAreListedToo) {
  EXPECT_EQ(statements({"--source", "http"}), kAsExpected);
  const auto end_of_list = out_.find("\n\n");
  ASSERT_NE(end_of_list, std::string::npos);
  const auto lines = std::ranges::count(out_.substr(0, end_of_list), '\n') + 1;
  EXPECT_EQ(statements({"--source", "http", "--json"}), kAsExpected);
  EXPECT_EQ(static_cast<std::size_t>(lines), oidc::parse_json(out_)->size());
}

TEST_F(Statements, AnUnknownIdIsToldWithTheNearest) {
  EXPECT_EQ(statements({"RFR-08"}), kUsage);
  EXPECT_THAT(err_, HasSubstr("no statement \"RFR-08\"; did you mean \"RFR-008\"?"));
  EXPECT_EQ(out_, "");
}

TEST_F(Statements, AnUnknownSourceIsToldWithAllThereAre) {
  EXPECT_EQ(statements({"--source", "oaut"}), kUsage);
  EXPECT_THAT(err_, HasSubstr("no source \"oaut\"; did you mean \"oauth\"? (there are: auth_core, http, oauth, oidc, "
                              "planet_auth, practice)"));
}

TEST_F(Statements, TheTableHoldsTheAreasOfTheSource) {
  EXPECT_EQ(statements({"--source", "oauth"}), kAsExpected);
  EXPECT_THAT(out_, HasSubstr("RFC8628     MUST"));
  EXPECT_THAT(out_, Not(HasSubstr("RFR ")));
}

TEST_F(Statements, AsJsonTheyCanBeCounted) {
  EXPECT_EQ(statements({"--source", "planet_auth", "--json"}), kAsExpected);
  const auto all = oidc::parse_json(out_);
  ASSERT_TRUE(all && all->is_array());
  EXPECT_EQ(all->size(), 280U);
  EXPECT_EQ((*all)[0].at("id"), "ACC-001");
  EXPECT_EQ((*all)[0].at("book"), "planet_auth");
}

TEST_F(Statements, AsJsonTheySayWhomTheyBindAndWhen) {
  EXPECT_EQ(statements({"OIDCC-3.1.3.7-NONCE", "--json"}), kAsExpected);
  const auto all = oidc::parse_json(out_);
  ASSERT_TRUE(all && all->size() == 1);
  EXPECT_EQ((*all)[0].at("book"), "oidc");
  EXPECT_EQ((*all)[0].at("binds"), "relying_party");
  EXPECT_EQ((*all)[0].at("if"), (oidc::Json{"openid", "sent_nonce"}));
  EXPECT_EQ((*all)[0].at("strength"), "keyword");
}

TEST_F(Statements, UnjudgedOnesHaveNoJudges) {
  EXPECT_EQ(statements({"--unjudged", "--json"}), kAsExpected);
  const auto all = oidc::parse_json(out_);
  ASSERT_TRUE(all && all->is_array());
  for (const auto& statement : *all) {
    EXPECT_EQ(statement.at("judged"), false);
    EXPECT_EQ(statement.at("checks"), oidc::Json::array());
    EXPECT_EQ(statement.at("unit_tests"), oidc::Json::array());
  }
}

}  // namespace
}  // namespace cli
