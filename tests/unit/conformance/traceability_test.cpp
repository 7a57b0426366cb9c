#include "conformance/traceability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Statements = scenarios::Statements;

Statements documented(const std::vector<std::string>& ids) {
  Statements statements;
  for (const std::string& id : ids) {
    statements[id] = {id, scenarios::Level::kMust, "x", "y", ""};
  }
  return statements;
}

/// One check, which judges `statement`.
scenarios::Scenario judging(const std::string& statement) {
  scenarios::Check check;
  check.judged.id = "check";
  check.judged.statements = {statement};
  scenarios::Scenario scenario;
  scenario.id = "theme/name";
  scenario.statements = {statement};
  scenario.checks = {check};
  return scenario;
}

TEST(Trace, TellsWhatIsJudgedCaughtMissingAndUnknown) {
  scenarios::Statements statements;
  for (const char* id : {"A", "B", "C"}) {
    statements[id] = {id, scenarios::Level::kMust, "x", "y", ""};
  }
  scenarios::Scenario scenario;
  scenario.statements = {"A", "B", "Z"};
  scenarios::Check first;
  first.judged.id = "first";
  first.judged.statements = {"A", "Z"};
  scenarios::Check second;
  second.judged.id = "second";
  second.judged.statements = {"B"};
  scenario.checks = {first, second};
  scenario.catches = {{"some_fault", "second"}};

  const Traceability result = trace(statements, {scenario});
  EXPECT_EQ(result.statements, 3U);
  EXPECT_EQ(result.judged, 2U);
  EXPECT_EQ(result.with_caught_fault, 1U);
  EXPECT_THAT(result.unjudged, testing::ElementsAre("C"));
  EXPECT_THAT(result.unknown, testing::ElementsAre("Z"));
}

TEST(Trace, CountsTheExpectationsOfSteps) {
  scenarios::Scenario scenario;
  scenarios::ScenarioStep step;
  step.expect.resize(1);
  step.judged.id = "step-1";
  step.judged.statements = {"A", "B"};
  scenario.steps = {step};
  EXPECT_EQ(trace(documented({"A", "B"}), {scenario}).judged, 2U) << "each that may decide";
  scenario.steps[0].expect.clear();
  EXPECT_EQ(trace(documented({"A", "B"}), {scenario}).judged, 0U);
}

TEST(Trace, AStatementOfTheScenarioItselfIsKnown) {
  scenarios::Scenario scenario = judging("MINE-1");
  EXPECT_THAT(trace(documented({"A"}), {scenario}).unknown, ElementsAre("MINE-1"));
  scenario.own_statements["MINE-1"] = {"MINE-1", scenarios::Level::kMust, "x", "y", ""};
  EXPECT_THAT(trace(documented({"A"}), {scenario}).unknown, ElementsAre());
}

TEST(Trace, CountsUnitTestsAsJudges) {
  const UnitTest test{"Suite.Name", "tests/unit/a_test.cpp", 7, {"A", "B"}};
  const Traceability result = trace(documented({"A", "B", "C"}), {judging("A")}, {test});
  EXPECT_EQ(result.judged, 2U);
  EXPECT_THAT(result.unjudged, ElementsAre("C"));
}

TEST(Trace, AnExcludedStatementIsNotAmongTheUnjudged) {
  Statements statements = documented({"A", "B"});
  statements["A"].excluded = "nobody can see it";
  const Traceability result = trace(statements, {});
  EXPECT_THAT(result.unjudged, ElementsAre("B"));
  EXPECT_THAT(result.excluded, ElementsAre("A"));
}

TEST(FindJudges, NamesChecksAndTestsAndTheOnesThatCatch) {
  scenarios::Scenario scenario = judging("A");
  scenario.catches = {{"some_fault", "check"}};
  const auto judges = find_judges({scenario}, {{"Suite.Name", "tests/unit/a_test.cpp", 7, {"A"}}});
  EXPECT_THAT(judges.at("A").checks, ElementsAre("theme/name check"));
  EXPECT_THAT(judges.at("A").caught_by, ElementsAre("theme/name check"));
  EXPECT_THAT(judges.at("A").tests, ElementsAre("Suite.Name (tests/unit/a_test.cpp:7)"));
}

TEST(FindJudges, KnowsTheChecksOfEveryScenario) {
  scenarios::Scenario scenario = judging("A");
  scenario.catches = {{"log_headers", "no-secret-in-output"}};
  const auto judges = find_judges({scenario}, {});
  EXPECT_THAT(judges.at("SEC-001").checks, ElementsAre("theme/name no-secret-in-output"));
  EXPECT_THAT(judges.at("PRACTICE-NO-TOKENS-IN-LOGS").checks, ElementsAre("theme/name no-secret-in-output"));
  EXPECT_THAT(judges.at("SEC-001").caught_by, ElementsAre("theme/name no-secret-in-output"));
  EXPECT_THAT(judges.at("SEC-002").checks, ElementsAre("theme/name clean-exit"));
}

TEST(Contradictions, TellWhereATestNamesAnUnknownStatement) {
  const auto lines = contradictions(documented({"AUTH-002"}), {}, {{"S.N", "tests/unit/a_test.cpp", 7, {"AUTH-02"}}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines.front(), HasSubstr("tests/unit/a_test.cpp:7: statement \"AUTH-02\" is not documented"));
  EXPECT_THAT(lines.front(), HasSubstr("did you mean \"AUTH-002\"?"));
}

TEST(Contradictions, TellOfAClaimOutsideOfATest) {
  EXPECT_THAT(contradictions(documented({"A"}), {}, {{"", "tests/unit/a_test.cpp", 7, {"A"}}}),
              ElementsAre("tests/unit/a_test.cpp:7: judges() stands in no test"));
}

TEST(Contradictions, TellOfAnExcludedStatementThatIsJudged) {
  Statements statements = documented({"A"});
  statements["A"].excluded = "nobody can see it";
  EXPECT_THAT(contradictions(statements, {}, {}), ElementsAre());
  EXPECT_THAT(contradictions(statements, {judging("A")}, {}),
              ElementsAre("statement \"A\" is excluded (nobody can see it) and yet judged by theme/name check"));
  EXPECT_THAT(contradictions(statements, {}, {{"S.N", "a_test.cpp", 7, {"A"}}}),
              ElementsAre("statement \"A\" is excluded (nobody can see it) and yet judged by S.N (a_test.cpp:7)"));
}

TEST(ReadUnitTests, RefusesWhatTheBuildDoesNotWrite) {
  for (const char* text : {"", "{}", "[1]", R"([{"test": "S.N", "file": "a", "line": 1}])",
                           R"([{"test": "S.N", "file": "a", "line": -1, "ids": []}])",
                           R"([{"test": "S.N", "file": "a", "line": 1, "ids": [1]}])"}) {
    EXPECT_FALSE(read_unit_tests(text)) << text;
  }
  EXPECT_TRUE(read_unit_tests("[]"));
}

TEST(UnitTests, StandWhereTheIndexSays) {
  for (const UnitTest& test : unit_tests()) {
    std::ifstream file{std::string{ASSAY_SOURCE_DIR} + "/" + test.file};
    std::string line;
    for (std::size_t number = 0; number < test.line; ++number) {
      std::getline(file, line);
    }
    EXPECT_THAT(line, HasSubstr("judges({")) << test.file << ":" << test.line;
  }
}

TEST(UnitTests, ClaimToJudgeDocumentedStatementsOnly) {
  const auto statements = scenarios::load_statements(std::string{ASSAY_SOURCE_DIR} + "/conformance/statements");
  ASSERT_TRUE(statements) << statements.error().message;
  EXPECT_THAT(contradictions(*statements, {}, unit_tests()), ElementsAre());
}

}  // namespace
}  // namespace conformance
