#include "conformance/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "oidc/json.hpp"
#include "sample_report.hpp"

namespace conformance {
namespace {

using scenarios::Verdict;
using testing::HasSubstr;
using testing::Not;
using testing_support::check;
using testing_support::golden;
using testing_support::sample_report;

TEST(Counts, AddUpToTheNumberOfScenarios) {
  const Counts counts = count(sample_report());
  EXPECT_EQ(counts.scenarios, 3U);
  EXPECT_EQ(counts.pass, 1U);
  EXPECT_EQ(counts.fail, 1U);
  EXPECT_EQ(counts.unsupported, 1U);
  EXPECT_EQ(counts.scenarios, counts.pass + counts.fail + counts.unsupported);
  EXPECT_EQ(counts.virtual_time, std::chrono::seconds{5701});
}

struct ExitCase {
  const char* name;
  std::vector<Verdict> verdicts;
  int code;
};
class ExitCode : public testing::TestWithParam<ExitCase> {};

TEST_P(ExitCode, IsDecidedByTheWorstThatHappened) {
  Report report;
  for (const Verdict verdict : GetParam().verdicts) {
    scenarios::Outcome outcome;
    outcome.scenario = &testing_support::rotation_scenario();
    outcome.checks = {check("c", "RFR-008", verdict)};
    report.outcomes.push_back(outcome);
  }
  EXPECT_EQ(exit_code(report), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Design4, ExitCode,
    testing::Values(ExitCase{"AllPass", {Verdict::kPass, Verdict::kPass}, 0},
                    ExitCase{"WarningsAndExpectedFailuresAreFine", {Verdict::kWarn, Verdict::kXfail}, 0},
                    ExitCase{"SomeUnsupported", {Verdict::kPass, Verdict::kUnsupported}, 0},
                    ExitCase{"AllUnsupportedJudgesNothing", {Verdict::kUnsupported}, 1},
                    ExitCase{"Fail", {Verdict::kPass, Verdict::kFail}, 1},
                    ExitCase{"NotReachedIsNoPass", {Verdict::kNotReached}, 1},
                    ExitCase{"UnexpectedPass", {Verdict::kXpass}, 1},
                    ExitCase{"BrokenClient", {Verdict::kFail, Verdict::kErrorSut}, 4},
                    ExitCase{"BrokenAdapter", {Verdict::kErrorAdapter, Verdict::kFail}, 4},
                    ExitCase{"HarnessOutweighsAll", {Verdict::kErrorHarness, Verdict::kErrorAdapter}, 3},
                    ExitCase{"NothingRun", {}, 2}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Reproduce, NamesScenarioTransportAndClient) {
  const Report report = sample_report();
  EXPECT_EQ(reproduce_command(report, report.outcomes[1]),
            "assay run refresh/rotation-survives-restart --transport https --client 'python3 client.py'");
}

TEST(Reproduce, IsShortForTheDefaults) {
  Report report = sample_report();
  report.command.clear();
  report.outcomes[0].transport = scenarios::Transport::kDirect;
  EXPECT_EQ(reproduce_command(report, report.outcomes[0]), "assay run expiry/at-three-quarters");
}

TEST(Reproduce, JudgesByTheSameExpectations) {
  Report report = sample_report();
  report.expect = "known.yaml";
  EXPECT_THAT(reproduce_command(report, report.outcomes[1]),
              testing::EndsWith(" --client 'python3 client.py' --expect known.yaml"));
  report.expect = "what's known.yaml";
  EXPECT_THAT(reproduce_command(report, report.outcomes[1]), testing::EndsWith(R"( --expect 'what'\''s known.yaml')"));
}

TEST(Terminal, SaysThatStatementsAreCountedForTheWholeLibrary) {
  Report report = sample_report();
  report.library_scenarios = report.outcomes.size();
  EXPECT_THAT(to_terminal(report, false), HasSubstr("\nstatements: 3 documented"));
  report.library_scenarios = report.outcomes.size() + 1;
  EXPECT_THAT(to_terminal(report, false), HasSubstr("\nstatements (whole library): 3 documented"));
}

TEST(Terminal, LooksLikeTheGoldenFile) {
  const std::string text = to_terminal(sample_report(), false);
  EXPECT_EQ(text, golden("terminal.txt", text));
}

TEST(Terminal, VerboseLooksLikeTheGoldenFile) {
  const std::string text = to_terminal(sample_report(), true);
  EXPECT_EQ(text, golden("terminal-verbose.txt", text));
}

TEST(Terminal, NeverPrintsEscapeSequences) {
  EXPECT_THAT(to_terminal(sample_report(), true), Not(HasSubstr("\x1b")));
}

TEST(Terminal, NamesExchangesOnce) {
  const std::string text = to_terminal(sample_report(), false);
  EXPECT_THAT(text, HasSubstr("refresh_token rt#1 -> 400 invalid_grant\n"));
  EXPECT_THAT(text, HasSubstr("refresh_token rt#1  #2 t=3000.000 POST /token → 400\n"));
}

TEST(Terminal, CountsTheReasonsOfUnsupportedScenarios) {
  Report report = sample_report();
  report.outcomes.push_back(report.outcomes[2]);
  report.outcomes[2].checks[0].observed = "no login";
  report.outcomes.push_back(report.outcomes[3]);
  EXPECT_THAT(to_terminal(report, false), HasSubstr("unsupported: 2 (needs the capability threads), 1 (no login)\n"));
}

TEST(Terminal, PrintsNoEmptyExpectation) {
  Report report = sample_report();
  report.outcomes[1].checks[2].expected.clear();
  report.outcomes[1].checks[2].because = "one is enough";
  EXPECT_THAT(to_terminal(report, false), HasSubstr("no-secret-in-output\n     observed"));
}

TEST(Terminal, TellsOnceWhyAClientDoesNotStart) {
  Report report = sample_report();
  report.outcomes.assign(3, report.outcomes[0]);
  for (scenarios::Outcome& outcome : report.outcomes) {
    outcome.client_started = false;
    outcome.checks = {check("start", "", Verdict::kErrorAdapter), check("renewed", "RFR-008", Verdict::kNotReached)};
    outcome.checks[0].observed = "no such program";
  }
  report.outcomes[2].checks[0].observed = "no such module";
  report.not_run = 5;
  const std::string text = to_terminal(report, false);
  EXPECT_THAT(text, HasSubstr("     observed  no such program\n"
                              "     again     assay run expiry/at-three-quarters --transport https --client "
                              "'python3 client.py'\n"
                              "     also      in 1 other scenario\n"
                              "ERROR(adapter) expiry/at-three-quarters  start\n"
                              "     expected  yes\n"
                              "     observed  no such module\n"));
  EXPECT_THAT(text, Not(HasSubstr("NOT_REACHED")));
  EXPECT_THAT(text, HasSubstr("\nnot run: 5 scenarios more, as the client started in none of these\n"));
}

TEST(Terminal, TellsWhatWasNotReachedAfterTheStart) {
  Report report = sample_report();
  report.outcomes[1].checks = {check("crash", "", Verdict::kErrorSut), check("late", "", Verdict::kNotReached)};
  EXPECT_THAT(to_terminal(report, false), HasSubstr("NOT_REACHED refresh/rotation-survives-restart  late"));
}

TEST(Terminal, SaysSoWhenNothingWasRun) {
  EXPECT_THAT(to_terminal(Report{}, false), HasSubstr("nothing was run"));
}

TEST(Junit, LooksLikeTheGoldenFile) {
  const std::string text = to_junit(sample_report());
  EXPECT_EQ(text, golden("junit.xml", text));
}

TEST(Junit, CountsOneTestPerCheck) {
  pugi::xml_document document;
  const std::string text = to_junit(sample_report());
  ASSERT_TRUE(document.load_string(text.c_str()));
  const pugi::xml_node suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 6);
  EXPECT_EQ(suite.attribute("failures").as_int(), 3);
  EXPECT_EQ(suite.attribute("skipped").as_int(), 1);
}

TEST(Junit, MakesAScenarioWithoutChecksATest) {
  Report report = sample_report();
  report.outcomes = {report.outcomes[2]};
  report.outcomes[0].checks.clear();
  EXPECT_THAT(to_junit(report), HasSubstr("tests=\"1\""));
}

TEST(JsonLines, LooksLikeTheGoldenFile) {
  const std::string text = to_json_lines(sample_report());
  EXPECT_EQ(text, golden("results.jsonl", text));
}

TEST(JsonLines, IsJsonOnEachLineWithHeaderAndFooter) {
  std::istringstream lines{to_json_lines(sample_report())};
  std::vector<std::string> records;
  for (std::string line; std::getline(lines, line);) {
    const auto record = oidc::parse_json(line);
    ASSERT_TRUE(record) << line;
    records.push_back(oidc::string_member(*record, "record").value_or(""));
  }
  EXPECT_THAT(records, testing::ElementsAre("header", "check", "scenario", "check", "check", "check", "check",
                                            "scenario", "check", "scenario", "footer"));
}

TEST(WriteReport, ReplacesTheFileAndMakesItsFolder) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "assay-write-report";
  std::filesystem::remove_all(folder);
  const std::string path = folder / "out" / "report.html";
  ASSERT_TRUE(write_report(path, "old"));
  ASSERT_TRUE(write_report(path, "new"));
  std::ostringstream content;
  content << std::ifstream{path}.rdbuf();
  EXPECT_EQ(content.str(), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder / "out"}, {}), 1) << "no temporary file stays";
  std::filesystem::remove_all(folder);
}

TEST(WriteReport, NamesThePathThatFails) {
  const auto status = write_report("/proc/nowhere/report.html", "x");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, oidc::Errc::kStorage);
  EXPECT_THAT(status.error().message, HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace conformance
