#include "conformance/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/expectations.hpp"
#include "sample_report.hpp"

namespace conformance {
namespace {

using scenarios::Verdict;
using testing::HasSubstr;
using testing::Not;
using V = Verdict;

/// A scenario of that name, its checks "a", "b", … with these verdicts.
scenarios::Outcome outcome(const std::string& id, const std::vector<Verdict>& verdicts) {
  scenarios::Outcome one;
  one.scenario = &testing_support::simple_scenario(id, "x");
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    one.checks.push_back(testing_support::check(std::string(1, static_cast<char>('a' + i)), "", verdicts[i]));
  }
  return one;
}

/// The entries alone, without comments.
std::vector<std::string> entries(const std::vector<scenarios::Outcome>& outcomes,
                                 const std::vector<std::string>& library = {}) {
  Report report;
  report.outcomes = outcomes;
  std::istringstream lines{to_baseline(report, library)};
  std::vector<std::string> list;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && !line.starts_with('#')) {
      list.push_back(line.substr(0, line.find(": \"")));
    }
  }
  return list;
}

TEST(Baseline, NamesWhatFailsAndNothingElse) {
  EXPECT_THAT(entries({outcome("x/one", {V::kPass, V::kFail, V::kWarn, V::kAdvice, V::kNotReached, V::kObserved,
                                         V::kNotApplicable, V::kUnsupported})}),
              testing::ElementsAre("x/one#b: {XFAIL", "x/one#c: {XFAIL", "x/one#d: {XFAIL", "x/one#e: {XFAIL",
                                   "x/one#h: {UNSUPPORTED"));
  EXPECT_THAT(entries({outcome("x/one", {V::kPass, V::kObserved, V::kNotApplicable})}), testing::IsEmpty());
}

TEST(Baseline, AScenarioStandsForItsChecksIfTheyAreAllAlike) {
  EXPECT_THAT(entries({outcome("x/one", {V::kFail, V::kNotReached, V::kNotApplicable})}),
              testing::ElementsAre("x/one: {XFAIL"));
  EXPECT_THAT(entries({outcome("x/one", {V::kUnsupported, V::kUnsupported})}),
              testing::ElementsAre("x/one: {UNSUPPORTED"));
}

TEST(Baseline, TheChecksOfEveryScenarioAreNamed) {
  scenarios::Outcome one = outcome("x/one", {V::kFail});
  one.checks.push_back(testing_support::check("clean-exit", "", V::kPass));
  EXPECT_THAT(entries({one}), testing::ElementsAre("x/one: {XFAIL"));
  one.checks.back().verdict = V::kFail;
  EXPECT_THAT(entries({one}), testing::ElementsAre("x/one: {XFAIL", "x/one#clean-exit: {XFAIL"));
}

TEST(Baseline, AFolderStandsForItsScenariosIfTheyAreAllAlike) {
  const std::vector outcomes{outcome("x/a/one", {V::kUnsupported}), outcome("x/a/two", {V::kUnsupported}),
                             outcome("x/b", {V::kUnsupported})};
  EXPECT_THAT(entries(outcomes), testing::ElementsAre("x: {UNSUPPORTED"));
  EXPECT_THAT(entries(outcomes, {"x/a/one", "x/a/two", "x/b", "x/not-run"}),
              testing::ElementsAre("x/a: {UNSUPPORTED", "x/b: {UNSUPPORTED"));
  EXPECT_THAT(entries({outcomes[0], outcomes[1], outcome("x/b", {V::kPass})}),
              testing::ElementsAre("x/a: {UNSUPPORTED"));
  EXPECT_THAT(entries({outcomes[0], outcome("x/a/two", {V::kFail})}),
              testing::ElementsAre("x/a/one: {UNSUPPORTED", "x/a/two: {XFAIL"));
}

/// The reasons of the entries, given what was said earlier.
std::vector<std::string> reasons(const std::vector<scenarios::Outcome>& outcomes, std::vector<Expectation> earlier) {
  Report report;
  report.outcomes = outcomes;
  std::istringstream lines{to_baseline(report, {}, Expectations{std::move(earlier)})};
  std::vector<std::string> list;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && !line.starts_with('#')) {
      list.push_back(line.substr(line.find(": \"") + 2));
    }
  }
  return list;
}

TEST(Baseline, KeepsTheReasonsOfEntriesThatHoldStill) {
  using Kind = Expectation::Kind;
  const std::vector outcomes{outcome("x/one", {V::kPass, V::kFail, V::kFail}), outcome("y/one", {V::kUnsupported}),
                             outcome("y/two", {V::kFail})};
  EXPECT_THAT(reasons(outcomes, {{"x/one", "b", Kind::kXfail, "ticket 1"},
                                 {"x/one", "gone", Kind::kXfail, "ticket 2"},
                                 {"y", "", Kind::kUnsupported, "no device flow"},
                                 {"y/two", "", Kind::kPass, "mended"}}),
              testing::ElementsAre("\"ticket 1\"}", "\"not said yet\"}", "\"no device flow\"}", "\"not said yet\"}"));
  EXPECT_THAT(reasons({outcomes[2]}, {{"y", "", Kind::kUnsupported, "no device flow"}}),
              testing::ElementsAre("\"not said yet\"}"))
      << "why it could not says nothing of why it fails";
}

TEST(Baseline, OneScenarioIsNoFolder) {
  EXPECT_THAT(entries({outcome("x/one", {V::kFail}), outcome("x/two", {V::kNotApplicable})}),
              testing::ElementsAre("x/one: {XFAIL"));
}

TEST(Baseline, SaysNothingOfWhatBrokeDown) {
  Report report;
  report.outcomes = {outcome("x/one", {V::kFail, V::kErrorSut}), outcome("x/two", {V::kFail})};
  const std::string text = to_baseline(report, {});
  EXPECT_THAT(text, HasSubstr("# x/one: ERROR(sut), so nothing is known of it\n"));
  EXPECT_THAT(text, HasSubstr("\nx/two: {XFAIL: \"not said yet\"}\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nx/one")));
}

TEST(Baseline, TellsWhatWasSeen) {
  Report report = testing_support::sample_report();
  const std::string text = to_baseline(report, {});
  EXPECT_THAT(text,
              HasSubstr("# FAIL RFC6749-6-ROTATION: refresh_token rt#1\n"
                        "refresh/rotation-survives-restart#sends-the-rotated-token: {XFAIL: \"not said yet\"}\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Baseline, PutsNamesInQuotesThatYamlWouldTakeForSomethingElse) {
  EXPECT_THAT(entries({outcome("on", {V::kFail}), outcome("a b: c", {V::kFail})}),
              testing::ElementsAre("\"a b: c\": {XFAIL", "\"on\": {XFAIL"));
}

TEST(Baseline, IsAFileOfExpectationsByWhichTheRunIsAsExpected) {
  Report report;
  report.outcomes = {outcome("x/one", {V::kPass, V::kFail}), outcome("x/two", {V::kUnsupported}),
                     outcome("y/one", {V::kNotReached}), outcome("y/two", {V::kWarn}), outcome("z", {V::kPass})};
  std::vector<scenarios::Scenario> library;
  for (const scenarios::Outcome& one : report.outcomes) {
    library.push_back(*one.scenario);
    for (const scenarios::CheckResult& check : one.checks) {
      library.back().checks.emplace_back().judged.id = check.check;
    }
  }
  const std::string file = testing::TempDir() + "baseline.yaml";
  std::ofstream{file} << to_baseline(report, {});
  const auto known = Expectations::load(file, library);
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(exit_code(report), 1);
  report.expect = file;
  for (scenarios::Outcome& one : report.outcomes) {
    known->apply(one);
  }
  EXPECT_EQ(exit_code(report), 0);
  EXPECT_THAT(known->note(), testing::StartsWith("3 of 3 entries have no reason yet: " + file + ":"));
}

}  // namespace
}  // namespace conformance
