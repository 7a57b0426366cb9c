#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "scenarios/condition.hpp"
#include "scenarios/statement.hpp"

namespace scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kBooks =
    "oauth: {kind: specification, title: OAuth}\n"
    "practice: {kind: practice, title: Good practice, description: What the field recommends.}\n"
    "planet_auth: {kind: product, title: planet_auth}\n";
constexpr const char* kGood = "A-1:\n  level: MUST\n  statement: It works.\n  source: RFC 1\n";

/// A folder of statements with three books.
class StatementsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} / testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    write("books.yaml", kBooks);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream{folder_ / name} << text;
  }
  /// Everything that is told of a statement with these further lines.
  std::string complaint_about(const std::string& lines) {
    write("oauth/a.yaml", std::string{kGood} + lines);
    return complaint();
  }
  std::string complaint() {
    const auto result = load_statements(folder_);
    if (result) {
      return "no complaint";
    }
    EXPECT_EQ(result.error().code, oidc::Errc::kBadInput);
    return result.error().message;
  }
  Statement only(const std::string& id) {
    const auto statements = load_statements(folder_);
    EXPECT_TRUE(statements) << statements.error().message;
    return statements ? statements->at(id) : Statement{};
  }

  std::filesystem::path folder_;
};

TEST_F(StatementsTest, ReadsEveryFileOfEveryBook) {
  write("oauth/a.yaml", kGood);
  write("oauth/deeper/b.yaml",
        "B-1:\n  level: SHOULD\n  statement: It is nice.\n  source: RFC 2\n  url: https://rfc.test/\n");
  const auto statements = load_statements(folder_);
  ASSERT_TRUE(statements) << statements.error().message;
  ASSERT_EQ(statements->size(), 2U);
  EXPECT_EQ(statements->at("A-1").level, Level::kMust);
  EXPECT_EQ(statements->at("A-1").area(), "A");
  EXPECT_EQ(statements->at("B-1").level, Level::kShould);
  EXPECT_EQ(statements->at("B-1").url, "https://rfc.test/");
  EXPECT_EQ(statements->at("B-1").book, "oauth");
}

TEST_F(StatementsTest, KnowsTheBookByTheFolderAndTheKindByTheBook) {
  write("oauth/a.yaml", kGood);
  write("practice/b.yaml", "B-1:\n  level: PRACTICE\n  statement: It works.\n  source: the field\n");
  write("planet_auth/c.yaml", "C-1:\n  level: COMPAT\n  statement: It works.\n  source: its code\n");
  EXPECT_EQ(only("A-1").kind, BookKind::kSpecification);
  EXPECT_EQ(only("B-1").book, "practice");
  EXPECT_EQ(only("B-1").kind, BookKind::kPractice);
  EXPECT_EQ(only("C-1").book, "planet_auth");
  EXPECT_EQ(only("C-1").kind, BookKind::kProduct);
  EXPECT_EQ(only("C-1").level, Level::kCompat);
}

TEST_F(StatementsTest, SaysLittleOfWhatIsUsual) {
  write("oauth/a.yaml", kGood);
  write("practice/b.yaml", "B-1:\n  level: PRACTICE\n  statement: It works.\n  source: the field\n");
  EXPECT_EQ(only("A-1").strength, Strength::kKeyword);
  EXPECT_EQ(only("A-1").binds, "client");
  EXPECT_THAT(only("A-1").conditions, ElementsAre());
  EXPECT_EQ(only("B-1").strength, Strength::kPractice);
}

TEST_F(StatementsTest, ReadsWhomItBindsAndWhen) {
  write("oauth/a.yaml", std::string{kGood} +
                            "  strength: derived\n  binds: relying_party\n  if: [openid, sent_nonce]\n"
                            "  allowed: Leaving it out.\n  variations: [one, another]\n");
  const Statement statement = only("A-1");
  EXPECT_EQ(statement.strength, Strength::kDerived);
  EXPECT_EQ(statement.binds, "relying_party");
  EXPECT_THAT(statement.conditions, ElementsAre("openid", "sent_nonce"));
  EXPECT_EQ(statement.allowed, "Leaving it out.");
  EXPECT_THAT(statement.variations, ElementsAre("one", "another"));
}

TEST_F(StatementsTest, EveryStrengthHasAName) {
  for (const char* name : {"keyword", "definition", "plain", "derived", "practice", "tolerance"}) {
    write("oauth/a.yaml", std::string{kGood} + "  strength: " + name + "\n");
    EXPECT_EQ(to_string(only("A-1").strength), name);
  }
}

TEST_F(StatementsTest, EveryLevelHasAName) {
  for (const char* name : {"MUST", "SHOULD", "DOCUMENTED", "COMPAT"}) {
    write("planet_auth/a.yaml", std::string{"A-1:\n  statement: x\n  source: z\n  level: "} + name + "\n");
    EXPECT_EQ(to_string(only("A-1").level), name);
  }
  write("practice/b.yaml", "B-1:\n  level: PRACTICE\n  statement: It works.\n  source: the field\n");
  EXPECT_EQ(to_string(only("B-1").level), "PRACTICE");
}

TEST_F(StatementsTest, RefusesALevelOfAnotherKindOfBook) {
  const auto told = [&](const std::string& book, const std::string& level) {
    write(book + "/a.yaml", "A-1:\n  level: " + level + "\n  statement: It works.\n  source: RFC 1\n");
    const std::string text = complaint();
    std::filesystem::remove_all(folder_ / book);
    return text.substr(std::min(text.find("a.yaml"), text.size()));
  };
  EXPECT_EQ(told("oauth", "PRACTICE"),
            "a.yaml:2:10: the level PRACTICE is none of the book oauth (expected one of: MUST, SHOULD)");
  EXPECT_THAT(told("oauth", "DOCUMENTED"), HasSubstr("the level DOCUMENTED is none of the book oauth"));
  EXPECT_THAT(told("oauth", "COMPAT"), HasSubstr("the level COMPAT is none of the book oauth"));
  EXPECT_EQ(told("practice", "MUST"),
            "a.yaml:2:10: the level MUST is none of the book practice (expected one of: PRACTICE)");
  EXPECT_THAT(told("practice", "DOCUMENTED"), HasSubstr("the level DOCUMENTED is none of the book practice"));
  EXPECT_EQ(
      told("planet_auth", "PRACTICE"),
      "a.yaml:2:10: the level PRACTICE is none of the book planet_auth (expected one of: MUST, SHOULD, DOCUMENTED, "
      "COMPAT)");
}

TEST_F(StatementsTest, AProjectMayStateAPracticeOfItsOwn) {
  const Book own{"own", BookKind::kSpecification, "Own statements", ""};
  const auto of_level = [&](const std::string& level) {
    write("own.yaml", "A-1:\n  level: " + level + "\n  statement: It works.\n  source: ours\n");
    return load_statement_file((folder_ / "own.yaml").string(), own).has_value();
  };
  EXPECT_TRUE(of_level("MUST"));
  EXPECT_TRUE(of_level("PRACTICE"));
  EXPECT_FALSE(of_level("DOCUMENTED"));
}

TEST_F(StatementsTest, RefusesAFolderThatNoBookIs) {
  write("oauht/a.yaml", kGood);
  EXPECT_THAT(complaint(),
              HasSubstr("oauht/a.yaml:1:1: it stands in the book \"oauht\", which books.yaml does not list; "
                        "did you mean \"oauth\"?"));
}

TEST_F(StatementsTest, RefusesAStatementInNoBookAtAll) {
  write("a.yaml", kGood);
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:1:1: it stands in the book \"\", which books.yaml does not list"));
}

TEST_F(StatementsTest, RefusesAnUnknownCondition) {
  EXPECT_THAT(complaint_about("  if: [sent_nonse]\n"),
              HasSubstr("a.yaml:5:7: unknown condition \"sent_nonse\" (expected of: keeps_tokens, "));
  EXPECT_THAT(complaint_about("  if: [sent_nonse]\n"), HasSubstr("did you mean \"sent_nonce\"?)"));
}

TEST_F(StatementsTest, RefusesAnUnknownStrength) {
  EXPECT_THAT(
      complaint_about("  strength: keywords\n"),
      HasSubstr("a.yaml:5:13: unknown strength \"keywords\" (expected one of: keyword, definition, plain, derived, "
                "practice, tolerance; did you mean \"keyword\"?)"));
}

TEST_F(StatementsTest, RefusesWhomNobodyIs) {
  EXPECT_THAT(
      complaint_about("  binds: relying_prty\n"),
      HasSubstr("a.yaml:5:10: unknown binds \"relying_prty\" (expected one of: client, relying_party, native_app, "
                "resource_server; did you mean \"relying_party\"?)"));
}

TEST_F(StatementsTest, RefusesConditionsThatAreNoTexts) {
  EXPECT_THAT(complaint_about("  if: [5]\n"), HasSubstr("a.yaml:5:7: \"if\" must be a list of texts"));
}

TEST_F(StatementsTest, KeepsTheReasonOfAnExclusion) {
  write("oauth/a.yaml", std::string{kGood} + "  excluded: nobody can see it\n");
  EXPECT_EQ(only("A-1").excluded, "nobody can see it");
}

TEST_F(StatementsTest, RefusesAnExclusionWithoutReason) {
  EXPECT_THAT(complaint_about("  excluded: \"\"\n"), HasSubstr("a.yaml:5:13: \"excluded\" must be a text"));
}

TEST_F(StatementsTest, NamesThePlaceOfAnUnknownKeyAndTheNearestOne) {
  const std::string text = complaint_about("  strenght: plain\n");
  EXPECT_THAT(text, HasSubstr("a.yaml:5:3: unknown key \"strenght\""));
  EXPECT_THAT(text, HasSubstr("did you mean \"strength\"?"));
}

TEST_F(StatementsTest, RefusesAnUnknownLevel) {
  write("oauth/a.yaml", "A-1:\n  level: MAY\n  statement: It works.\n  source: RFC 1\n");
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:2:10: unknown level"));
}

TEST_F(StatementsTest, RefusesAStatementWithoutSource) {
  write("oauth/a.yaml", "A-1:\n  level: MUST\n  statement: It works.\n");
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:1:1: \"A-1\" has no \"source\""));
}

TEST_F(StatementsTest, RefusesAnIdThatStandsInTwoBooks) {
  write("oauth/a.yaml", kGood);
  write("planet_auth/b.yaml", kGood);
  EXPECT_THAT(complaint(), HasSubstr("b.yaml:1:1: \"A-1\" stands in another file already"));
}

TEST_F(StatementsTest, RefusesAnIdThatStandsTwiceInOneFile) {
  write("oauth/a.yaml", std::string{kGood} + kGood);
  EXPECT_THAT(complaint(), HasSubstr("a.yaml:5:1"));
}

TEST_F(StatementsTest, ReportsAllProblemsAtOnce) {
  write("oauth/a.yaml", "A-1: text\nB-1:\n  level: 5\n  statement: x\n  source: z\n");
  write("practice/b.yaml", "C-1: text\n");
  const std::string text = complaint();
  EXPECT_THAT(text, HasSubstr("a.yaml:1:6"));
  EXPECT_THAT(text, HasSubstr("a.yaml:3:10"));
  EXPECT_THAT(text, HasSubstr("b.yaml:1:6"));
}

TEST_F(StatementsTest, RefusesBooksWithoutStatements) {
  EXPECT_THAT(complaint(), HasSubstr("no statements"));
}

TEST_F(StatementsTest, RefusesAMissingFolder) {
  std::filesystem::remove_all(folder_);
  EXPECT_THAT(complaint(), HasSubstr("books.yaml: no such file"));
}

TEST_F(StatementsTest, BooksHaveAKindATitleAndADescription) {
  const auto books = load_books(folder_);
  ASSERT_TRUE(books) << books.error().message;
  ASSERT_EQ(books->size(), 3U);
  EXPECT_EQ(books->at("practice").title, "Good practice");
  EXPECT_EQ(books->at("practice").description, "What the field recommends.");
  EXPECT_EQ(books->at("practice").kind, BookKind::kPractice);
}

TEST_F(StatementsTest, ABookWithoutItsKindIsRefusedAndTheStatementsWithIt) {
  write("books.yaml", "oauth: {title: OAuth}\n");
  write("oauth/a.yaml", kGood);
  EXPECT_THAT(complaint(), HasSubstr("books.yaml:1:1: \"oauth\" has no \"kind\""));
}

TEST_F(StatementsTest, ABookOfAnUnknownKindIsRefused) {
  write("books.yaml", "oauth: {kind: spec, title: OAuth}\n");
  EXPECT_THAT(complaint(),
              HasSubstr("books.yaml:1:15: unknown kind \"spec\" (expected one of: specification, practice, product"));
}

TEST_F(StatementsTest, AFileOfOnesOwnIsOneBook) {
  write("mine.yaml", kGood);
  const auto own = load_statement_file((folder_ / "mine.yaml").string(), {"own", BookKind::kSpecification, "Own", ""});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->at("A-1").book, "own");
  EXPECT_EQ(own->at("A-1").kind, BookKind::kSpecification);
}

TEST_F(StatementsTest, AFileOfOnesOwnIsReadAsStrictly) {
  write("mine.yaml", "A-1:\n  levl: MUST\n  statement: It works.\n  source: here\n");
  const auto own = load_statement_file((folder_ / "mine.yaml").string(), {"own", BookKind::kSpecification, "Own", ""});
  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().message, HasSubstr("mine.yaml:2:3: unknown key \"levl\""));
}

class ProjectsStatements : public testing::Test {
 protected:
  const std::string folder_ = std::string{ASSAY_SOURCE_DIR} + "/conformance/statements";
};

TEST_F(ProjectsStatements, CanBeRead) {
  const auto statements = load_statements(folder_);
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_GE(statements->size(), 380U);
}

TEST_F(ProjectsStatements, WhomTheyBindHasAWitness) {
  const std::map<std::string, std::vector<std::string>> witnesses{
      {"relying_party", {"openid", "discovers", "validates_access_tokens"}},
      {"native_app", {"listens"}},
      {"resource_server", {"validates_access_tokens", "introspects"}}};
  const Statements statements = load_statements(folder_).value();
  for (const auto& [id, statement] : statements) {
    if (const auto witness = witnesses.find(statement.binds); witness != witnesses.end()) {
      EXPECT_TRUE(std::ranges::any_of(
          statement.conditions,
          [&](const std::string& name) { return std::ranges::find(witness->second, name) != witness->second.end(); }))
          << id << " binds a " << statement.binds << ", and every client would be taken for one";
    }
  }
}

TEST_F(ProjectsStatements, OfSpecificationsHaveALink) {
  const Statements statements = load_statements(folder_).value();
  for (const auto& [id, statement] : statements) {
    EXPECT_TRUE(statement.kind != BookKind::kSpecification || statement.url.starts_with("https://")) << id;
  }
}

TEST_F(ProjectsStatements, OfPracticeSayWhatElseIsSane) {
  const Statements statements = load_statements(folder_).value();
  for (const auto& [id, statement] : statements) {
    EXPECT_TRUE(statement.variations.empty() || statement.kind == BookKind::kPractice) << id;
    EXPECT_TRUE(statement.kind != BookKind::kPractice || statement.level == Level::kPractice) << id;
  }
}

}  // namespace
}  // namespace scenarios
