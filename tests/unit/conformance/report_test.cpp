#include "conformance/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
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
using testing_support::of_verdicts;
using testing_support::sample_report;

TEST(Counts, AddUpToTheNumberOfScenarios) {
  const Counts counts = count(sample_report());
  EXPECT_EQ(counts.scenarios, 4U);
  EXPECT_EQ(counts.pass + counts.fail + counts.unsupported + counts.warn, 4U);
  EXPECT_EQ(counts.judged(), 3U);
  EXPECT_EQ(counts.virtual_time, std::chrono::seconds{5701});
}

TEST(Counts, HaveANumberForEachVerdict) {
  const Counts counts =
      count(of_verdicts({Verdict::kPass, Verdict::kFail, Verdict::kWarn, Verdict::kAdvice, Verdict::kNotReached,
                         Verdict::kNotApplicable, Verdict::kUnsupported, Verdict::kXfail, Verdict::kXpass,
                         Verdict::kObserved, Verdict::kErrorSut, Verdict::kErrorAdapter, Verdict::kErrorHarness}));
  for (const std::size_t number :
       {counts.pass, counts.fail, counts.warn, counts.advice, counts.not_reached, counts.not_applicable,
        counts.unsupported, counts.xfail, counts.xpass, counts.observed}) {
    EXPECT_EQ(number, 1U);
  }
  EXPECT_EQ(counts.error, 3U);
  EXPECT_EQ(counts.judged(), 11U);
}

struct ExitCase {
  const char* name;
  std::vector<Verdict> verdicts;
  int code;
  int strict;
  int expecting;  ///< where it is known what to expect
};
class ExitCode : public testing::TestWithParam<ExitCase> {};

TEST_P(ExitCode, IsDecidedByTheWorstThatHappened) {
  Report report = of_verdicts(GetParam().verdicts);
  EXPECT_EQ(exit_code(report), GetParam().code);
  report.strict = true;
  EXPECT_EQ(exit_code(report), GetParam().strict);
  report.strict = false;
  report.expect = "known.yaml";
  EXPECT_EQ(exit_code(report), GetParam().expecting);
}

INSTANTIATE_TEST_SUITE_P(
    Verdicts, ExitCode,
    testing::Values(ExitCase{"AllPass", {Verdict::kPass, Verdict::kPass}, 0, 0, 0},
                    ExitCase{"ExpectedFailuresAreFine", {Verdict::kPass, Verdict::kXfail}, 0, 0, 0},
                    ExitCase{"AdviceIsFine", {Verdict::kAdvice}, 0, 0, 0},
                    ExitCase{"AWarningIsFineUnlessStrict", {Verdict::kWarn}, 0, 1, 0},
                    ExitCase{"SomeUnsupported", {Verdict::kPass, Verdict::kUnsupported}, 0, 0, 0},
                    ExitCase{"SomeNotApplicable", {Verdict::kPass, Verdict::kNotApplicable}, 0, 0, 0},
                    ExitCase{"SomeNotReached", {Verdict::kPass, Verdict::kNotReached}, 0, 1, 1},
                    ExitCase{"SomeObserved", {Verdict::kPass, Verdict::kObserved}, 0, 0, 0},
                    ExitCase{"AllUnsupportedJudgesNothing", {Verdict::kUnsupported}, 1, 1, 0},
                    ExitCase{"AllNotApplicableJudgesNothing", {Verdict::kNotApplicable}, 1, 1, 0},
                    ExitCase{"AllNotReachedJudgesNothing", {Verdict::kNotReached, Verdict::kNotReached}, 1, 1, 1},
                    ExitCase{"AllObservedJudgesNothing", {Verdict::kObserved}, 1, 1, 0},
                    ExitCase{"Fail", {Verdict::kPass, Verdict::kFail}, 1, 1, 1},
                    ExitCase{"UnexpectedPass", {Verdict::kXpass}, 1, 1, 1},
                    ExitCase{"BrokenClient", {Verdict::kFail, Verdict::kErrorSut}, 4, 4, 4},
                    ExitCase{"BrokenAdapter", {Verdict::kErrorAdapter, Verdict::kFail}, 4, 4, 4},
                    ExitCase{"HarnessOutweighsAll", {Verdict::kErrorHarness, Verdict::kErrorAdapter}, 3, 3, 3},
                    ExitCase{"NothingRun", {}, 2, 2, 2}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ExitCodes, WhatIsUnexpectedNeedNotBeTheWorst) {
  Report report = of_verdicts({Verdict::kWarn});
  report.outcomes[0].checks.push_back(check("late", "", Verdict::kNotReached));
  EXPECT_EQ(exit_code(report), 0);
  report.expect = "known.yaml";
  EXPECT_EQ(exit_code(report), 1) << "nobody expected that it is not reached, and a warning beside it excuses nothing";
}

TEST(HasJudged, ThatSecretsWereKeptWhileNothingWasTestedIsNothing) {
  Report report = of_verdicts({Verdict::kNotReached});
  EXPECT_FALSE(has_judged(report));
  report.outcomes[0].checks.push_back(check("no-secret-in-output", "", Verdict::kPass));
  EXPECT_FALSE(has_judged(report));
  report.outcomes[0].checks.push_back(check("stored", "", Verdict::kPass));
  EXPECT_TRUE(has_judged(report)) << "though the scenario as a whole was not reached";
  report.outcomes[0].checks = {check("no-secret-in-output", "", Verdict::kFail)};
  EXPECT_TRUE(has_judged(report));
}

TEST(JudgeStatements, TellsTheWorstOfEachAndWhereItWasJudged) {
  const auto judgements = judge_statements(sample_report());
  ASSERT_EQ(judgements.size(), 5U);
  EXPECT_EQ(judgements.at("RFR-008").verdict, Verdict::kFail);
  EXPECT_EQ(judgements.at("RFR-008").scenarios,
            (std::set<std::string>{"device/slow-down", "expiry/at-three-quarters", "refresh/rotation-survives-restart",
                                   "refresh/single-flight"}));
  EXPECT_EQ(judgements.at("PRACTICE-JITTER").verdict, Verdict::kAdvice);
  EXPECT_EQ(judgements.at("RFC9207-2.4-ISS").verdict, Verdict::kNotApplicable);
  EXPECT_FALSE(judgements.contains("RFR-009")) << "no check of this run named it";
}

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

TEST(Terminal, CountsWhatThisRunJudgedAndOfTheLibraryOnlyWhereThatWasRun) {
  Report report = sample_report();
  EXPECT_THAT(to_terminal(report, false),
              HasSubstr("\nstatements: 4 judged in this run, 4 of them broken, 1 not applicable\n"
                        "library: 6 documented, 5 judged, 1 with a faulty client caught, 1 not judged yet\n"));
  report.traceability.reset();
  EXPECT_THAT(to_terminal(report, false), Not(HasSubstr("library: ")));
}

TEST(Terminal, TellsEachCauseOnceWithAllThatRestsOnIt) {
  Report report = sample_report();
  report.outcomes = {testing_support::lesser_outcome()};
  const std::string text = to_terminal(report, false);
  EXPECT_THAT(text, HasSubstr("NOT_REACHED device/slow-down  stored, renewed\n"
                              "     because of step-2, which gave err timeout\n"));
  EXPECT_EQ(text.find("because of step-2"), text.rfind("because of step-2"));
  EXPECT_EQ(text.find("stored"), text.rfind("stored"));
}

TEST(Terminal, NamesAFewOfManyThatRestOnOneCause) {
  Report report = sample_report();
  scenarios::Outcome outcome = testing_support::lesser_outcome();
  const scenarios::CheckResult unreached = outcome.checks.back();
  outcome.checks.assign(6, unreached);
  report.outcomes = {outcome};
  EXPECT_THAT(to_terminal(report, false), HasSubstr("  renewed, renewed, renewed, renewed and 2 more\n"));
}

TEST(Terminal, TellsSeveralCausesApart) {
  Report report = sample_report();
  scenarios::Outcome outcome = testing_support::lesser_outcome();
  outcome.checks.back().cause = "outage";
  outcome.checks.back().observed = "because of outage, which it was scripted and did not take place";
  report.outcomes = {outcome};
  EXPECT_THAT(to_terminal(report, false), HasSubstr("device/slow-down  stored\n"));
  EXPECT_THAT(to_terminal(report, false), HasSubstr("device/slow-down  renewed\n"));
}

TEST(Terminal, TellsWarningsAndAdviceButNotWhatDoesNotApply) {
  const std::string text = to_terminal(sample_report(), false);
  EXPECT_THAT(text, HasSubstr("WARN device/slow-down  paced  RFC8628-3.5-INTERVAL SHOULD\n"));
  EXPECT_THAT(text, HasSubstr("ADVICE device/slow-down  jittered  PRACTICE-JITTER PRACTICE\n"));
  EXPECT_THAT(text, Not(HasSubstr("issuer-is-compared")));
}

TEST(Terminal, SaysSoWhenNothingWasJudged) {
  Report report = of_verdicts({Verdict::kNotReached});
  EXPECT_THAT(to_terminal(report, false), testing::EndsWith(": nothing was judged\n"));
  report.expect = "known.yaml";
  EXPECT_THAT(to_terminal(report, false), testing::EndsWith(": NOT as expected\n"));
}

TEST(Terminal, TheLastLineCountsEveryVerdict) {
  EXPECT_THAT(
      to_terminal(sample_report(), false),
      HasSubstr("\n4 scenarios: 1 pass, 1 fail, 1 warn, 0 advice, 0 not reached, 0 not applicable, 1 unsupported, "
                "0 error, 0 xfail, 0 xpass, 0 observed; "));
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
  const scenarios::Outcome unsupported = report.outcomes[2];
  report.outcomes.push_back(unsupported);
  report.outcomes.push_back(unsupported);
  report.outcomes[2].checks[0].observed = "no login";
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
                                            "scenario", "check", "scenario", "check", "check", "check", "check",
                                            "check", "scenario", "footer"));
}

TEST(JsonLines, SayWhatACheckRestsOnAndWhichBookJudgesIt) {
  Report report = sample_report();
  report.outcomes = {testing_support::lesser_outcome()};
  std::istringstream lines{to_json_lines(report)};
  std::vector<oidc::Json> records;
  for (std::string line; std::getline(lines, line);) {
    records.push_back(*oidc::parse_json(line));
  }
  ASSERT_EQ(records.size(), 8U);
  EXPECT_EQ(records[1]["book"], "practice");
  EXPECT_EQ(records[1]["verdict"], "ADVICE");
  EXPECT_FALSE(records[1].contains("cause"));
  EXPECT_EQ(records[4]["cause"], "step-2");
  EXPECT_EQ(records[7]["warn"], 1);
  EXPECT_EQ(records[7]["exit_code"], 0);
}

TEST(JsonLines, CountTheLibrarysStatementsOnlyWhereThatWasRun) {
  Report report = sample_report();
  EXPECT_THAT(to_json_lines(report), HasSubstr("statements_judged"));
  report.traceability.reset();
  EXPECT_THAT(to_json_lines(report), Not(HasSubstr("statements_judged")));
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
