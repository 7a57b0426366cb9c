#include "conformance/expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "conformance/report.hpp"
#include "sample_report.hpp"

namespace conformance {
namespace {

using scenarios::Verdict;
using testing::HasSubstr;
using testing_support::check;
using Kind = Expectation::Kind;

std::vector<scenarios::Scenario> library() {
  scenarios::Scenario device;
  device.id = "device/denied";
  device.checks.resize(1);
  device.checks[0].judged.id = "told";
  device.checks[0].kind = "requests";
  scenarios::Scenario refresh = device;
  refresh.id = "refresh/once";
  refresh.steps.resize(1);
  refresh.steps[0].judged.id = "step-1";
  return {device, refresh};
}

class ExpectationsTest : public testing::Test {
 protected:
  oidc::Result<Expectations> load(const std::string& text) {
    std::ofstream{file_} << text;
    return Expectations::load(file_, library());
  }
  std::string complaint(const std::string& text) {
    const auto loaded = load(text);
    return loaded ? "" : loaded.error().message;
  }
  ~ExpectationsTest() override { std::filesystem::remove(file_); }

  static std::string test_name() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ranges::replace(name, '/', '-');
    return name;
  }

  const std::string file_ = testing::TempDir() + "expectations-" + test_name() + ".yaml";
};

/// The verdicts of a scenario's checks "a", "b", … once what is known was applied.
std::vector<Verdict> applied(const Expectations& expectations, const std::vector<Verdict>& verdicts,
                             const std::string& id = "refresh/once") {
  scenarios::Outcome outcome;
  outcome.scenario = &testing_support::simple_scenario(id, "x");
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    outcome.checks.push_back(check(std::string(1, static_cast<char>('a' + i)), "", verdicts[i]));
  }
  expectations.apply(outcome);
  std::vector<Verdict> result;
  for (const auto& judged : outcome.checks) {
    result.push_back(judged.verdict);
  }
  return result;
}

const Expectations kFails{{{"refresh/once", "", Kind::kXfail, "ticket 1"}}};
const Expectations kCheckFails{{{"refresh/once", "b", Kind::kXfail, "ticket 1"}}};
const Expectations kUnsupported{{{"refresh", "", Kind::kUnsupported, "no refresh"}}};
const Expectations kCheckUnsupported{{{"refresh/once", "b", Kind::kUnsupported, "no lock"}}};
const Expectations kExcepted{
    {{"refresh", "", Kind::kXfail, "ticket 1"}, {"refresh/once", "", Kind::kPass, "since 1.2"}}};
const Expectations kCheckExcepted{
    {{"refresh/once", "", Kind::kXfail, "ticket 1"}, {"refresh/once", "a", Kind::kPass, "since 1.2"}}};
const Expectations kNothing{{}};

struct ApplyCase {
  const char* name;
  const Expectations& expectations;
  std::vector<Verdict> before;
  std::vector<Verdict> after;
};
class Applying : public testing::TestWithParam<ApplyCase> {};

TEST_P(Applying, ChangesWhatWasKnownAndNothingElse) {
  EXPECT_EQ(applied(GetParam().expectations, GetParam().before), GetParam().after);
}

using V = Verdict;
INSTANTIATE_TEST_SUITE_P(
    Expectations, Applying,
    testing::Values(
        ApplyCase{"AFailure", kFails, {V::kPass, V::kFail}, {V::kPass, V::kXfail}},
        ApplyCase{"WarningsAndWhatWasNotReached", kFails, {V::kWarn, V::kNotReached}, {V::kXfail, V::kXfail}},
        ApplyCase{"Advice", kFails, {V::kPass, V::kAdvice}, {V::kPass, V::kXfail}},
        ApplyCase{"WhatDoesNotApplyStays", kFails, {V::kFail, V::kNotApplicable}, {V::kXfail, V::kNotApplicable}},
        ApplyCase{"NothingThatAppliesIsNoPass", kFails, {V::kNotApplicable}, {V::kNotApplicable}},
        ApplyCase{"UnsupportedInPart",
                  kUnsupported,
                  {V::kUnsupported, V::kPass, V::kNotApplicable},
                  {V::kUnsupported, V::kPass, V::kNotApplicable}},
        ApplyCase{"APassOfAll", kFails, {V::kPass, V::kPass}, {V::kXpass, V::kXpass}},
        ApplyCase{"AnErrorStays", kFails, {V::kPass, V::kErrorSut}, {V::kPass, V::kErrorSut}},
        ApplyCase{"OneCheckFails", kCheckFails, {V::kPass, V::kFail}, {V::kPass, V::kXfail}},
        ApplyCase{"AnotherCheckFails", kCheckFails, {V::kFail, V::kFail}, {V::kFail, V::kXfail}},
        ApplyCase{"TheCheckPasses", kCheckFails, {V::kFail, V::kPass}, {V::kFail, V::kXpass}},
        ApplyCase{"UnsupportedAsDeclared", kUnsupported, {V::kUnsupported}, {V::kUnsupported}},
        ApplyCase{"SupportedAfterAll", kUnsupported, {V::kPass, V::kFail}, {V::kXpass, V::kFail}},
        ApplyCase{"UnsupportedAndNobodySaidSo", kNothing, {V::kUnsupported}, {V::kNotReached}},
        ApplyCase{"OneCheckIsUnsupported", kCheckUnsupported, {V::kPass, V::kUnsupported}, {V::kPass, V::kUnsupported}},
        ApplyCase{"OneCheckIsSupportedAfterAll", kCheckUnsupported, {V::kPass, V::kPass}, {V::kPass, V::kXpass}},
        ApplyCase{"AnotherCheckIsUnsupported",
                  kCheckUnsupported,
                  {V::kUnsupported, V::kUnsupported},
                  {V::kNotReached, V::kUnsupported}},
        ApplyCase{"AMemberThatIsExcepted", kExcepted, {V::kPass, V::kFail}, {V::kPass, V::kFail}},
        ApplyCase{"AMemberThatIsExceptedLosesACapability", kExcepted, {V::kUnsupported}, {V::kNotReached}},
        ApplyCase{"ACheckThatIsExcepted", kCheckExcepted, {V::kFail, V::kFail}, {V::kFail, V::kXfail}},
        ApplyCase{"UnsupportedInsteadOfFailing", kFails, {V::kUnsupported}, {V::kNotReached}},
        ApplyCase{"NothingKnown", kNothing, {V::kPass, V::kFail}, {V::kPass, V::kFail}}),
    [](const auto& test) { return test.param.name; });

TEST(Expecting, AnEntryOfAFolderHoldsForTheScenariosInItOnly) {
  const Expectations expectations{{{"refresh", "", Kind::kXfail, "ticket 1"}}};
  EXPECT_EQ(applied(expectations, {V::kFail}), std::vector{V::kXfail});
  EXPECT_EQ(applied(expectations, {V::kFail}, "refreshing/x"), std::vector{V::kFail});
}

TEST(Expecting, TheClosestEntryCounts) {
  const Expectations expectations{
      {{"refresh", "", Kind::kUnsupported, "far"}, {"refresh/once", "", Kind::kXfail, "near"}}};
  EXPECT_EQ(applied(expectations, {V::kFail}), std::vector{V::kXfail});
}

TEST(Expecting, TheChecksOfEveryScenarioAreKnownToFailOnlyWhereTheyAreNamed) {
  const auto verdict_of_exit = [](const Expectations& expectations) {
    scenarios::Outcome outcome;
    outcome.scenario = &testing_support::simple_scenario("refresh/once", "x");
    outcome.checks = {check("a", "", V::kFail), check("clean-exit", "", V::kFail)};
    expectations.apply(outcome);
    EXPECT_EQ(outcome.checks[0].verdict, V::kXfail);
    return outcome.checks[1].verdict;
  };
  EXPECT_EQ(verdict_of_exit(kFails), V::kFail);
  EXPECT_EQ(verdict_of_exit(
                Expectations{{{"refresh", "", Kind::kXfail, "x"}, {"refresh/once", "clean-exit", Kind::kXfail, "y"}}}),
            V::kXfail);
}

TEST(Expecting, AFailureOfWhatIsExceptedSaysSo) {
  scenarios::Outcome outcome;
  outcome.scenario = &testing_support::simple_scenario("refresh/once", "x");
  outcome.checks = {check("a", "", V::kFail), check("b", "", V::kPass)};
  kExcepted.apply(outcome);
  EXPECT_EQ(outcome.checks[0].observed, "no (known to pass: since 1.2)");
  EXPECT_EQ(outcome.checks[1].observed, "yes");
}

TEST(Expecting, CountsEntriesThatHaveNoReasonYet) {
  EXPECT_EQ(kFails.note(), "");
  std::vector<Expectation> list(4, {"refresh", "", Kind::kXfail, kNoReasonYet, "known.yaml:1"});
  list.push_back({"device", "", Kind::kXfail, "ticket 1"});
  EXPECT_EQ(Expectations{list}.note(),
            "4 of 5 entries have no reason yet: known.yaml:1, known.yaml:1, known.yaml:1, …");
  EXPECT_EQ(Expectations{{list.front()}}.note(), "1 of 1 entries have no reason yet: known.yaml:1");
}

TEST(Expecting, TheReasonIsInTheReport) {
  scenarios::Outcome outcome;
  outcome.scenario = &testing_support::simple_scenario("refresh/once", "x");
  outcome.checks = {check("a", "", V::kFail)};
  kFails.apply(outcome);
  EXPECT_THAT(outcome.checks[0].observed, HasSubstr("ticket 1"));
}

TEST_F(ExpectationsTest, ReadsExceptionsAndWhatOneCheckCannotDo) {
  EXPECT_EQ(
      complaint(
          "refresh: {XFAIL: \"one\"}\nrefresh/once: {PASS: \"two\"}\nrefresh/once#told: {UNSUPPORTED: \"three\"}\n"
          "refresh/once#step-1: {XFAIL: \"a step that nothing is expected of\"}\n"),
      "");
}

TEST_F(ExpectationsTest, ReadsScenariosChecksAndFolders) {
  const auto loaded = load(
      "refresh/once: {XFAIL: \"one\"}\n"
      "refresh/once#told: {XFAIL: \"two\"}\n"
      "refresh/once#clean-exit: {XFAIL: \"three\"}\n"
      "device: {UNSUPPORTED: \"four\"}\n");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(applied(*loaded, {V::kUnsupported}, "device/denied"), std::vector{V::kUnsupported});
  EXPECT_EQ(applied(*loaded, {V::kFail}), std::vector{V::kXfail});
}

struct BadCase {
  const char* name;
  const char* text;
  const char* told;
};
class BadExpectations : public ExpectationsTest, public testing::WithParamInterface<BadCase> {};

TEST_P(BadExpectations, AreToldWithTheirPlace) {
  EXPECT_THAT(complaint(GetParam().text), HasSubstr(GetParam().told));
}

INSTANTIATE_TEST_SUITE_P(
    Expectations, BadExpectations,
    testing::Values(BadCase{"UnknownScenario", "device: {UNSUPPORTED: known}\nrefresh/onec: {XFAIL: known}\n",
                            ".yaml:2:1: no scenario \"refresh/onec\"; did you mean \"refresh/once\"?"},
                    BadCase{"UnknownCheck", "refresh/once#tald: {XFAIL: known}\n",
                            ":1:1: no check of this scenario \"tald\"; did you mean \"told\"?"},
                    BadCase{"CheckOfAFolder", "refresh#told: {XFAIL: known}\n",
                            ":1:1: a check belongs to one scenario"},
                    BadCase{"UnknownKind", "refresh/once: {XFIAL: known}\n",
                            ":1:16: no such expectation \"XFIAL\"; did you mean \"XFAIL\"? (expected one of: XFAIL, "
                            "UNSUPPORTED, PASS)"},
                    BadCase{"NoReason", "refresh/once: {XFAIL: \"\"}\n", "expected the reason"},
                    BadCase{"ReasonIsNoText", "refresh/once: {XFAIL: 3}\n", "expected the reason"},
                    BadCase{"NoKind", "refresh/once: \"XFAIL\"\n", "expected one of {XFAIL: reason}"},
                    BadCase{"Twice", "refresh/once: {XFAIL: known}\nrefresh/once: {XFAIL: known}\n", ":2:1:"},
                    BadCase{"AList", "- refresh/once\n", "expected a mapping"}),
    [](const auto& test) { return test.param.name; });

TEST_F(ExpectationsTest, AnUnexpectedPassNamesTheLineOfItsEntry) {
  const auto loaded = load("device: {UNSUPPORTED: \"no device\"}\nrefresh/once: {XFAIL: \"ticket 1\"}\n");
  ASSERT_TRUE(loaded) << loaded.error().message;
  scenarios::Outcome outcome;
  outcome.scenario = &testing_support::simple_scenario("refresh/once", "x");
  outcome.checks = {check("a", "", V::kPass)};
  loaded->apply(outcome);
  EXPECT_THAT(outcome.checks[0].observed, HasSubstr(file_ + ":2: known to fail: ticket 1"));
}

TEST_F(ExpectationsTest, EveryProblemIsTold) {
  const std::string told = complaint("nowhere: {XFAIL: known}\nrefresh/once: {FAIL: known}\n");
  EXPECT_THAT(told, HasSubstr(":1:1:"));
  EXPECT_THAT(told, HasSubstr(":2:16:"));
}

TEST_F(ExpectationsTest, AFileThatIsNotThereIsToldByName) {
  EXPECT_THAT(Expectations::load("/no/such.yaml", library()).error().message, HasSubstr("/no/such.yaml"));
}

}  // namespace
}  // namespace conformance
