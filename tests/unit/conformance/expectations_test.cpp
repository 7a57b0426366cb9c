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
  device.checks = {{.id = "told", .statement = "", .because = "", .kind = "requests", .body = {}}};
  scenarios::Scenario refresh = device;
  refresh.id = "refresh/once";
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
    testing::Values(ApplyCase{"AFailure", kFails, {V::kPass, V::kFail}, {V::kPass, V::kXfail}},
                    ApplyCase{
                        "WarningsAndWhatWasNotReached", kFails, {V::kWarn, V::kNotReached}, {V::kXfail, V::kXfail}},
                    ApplyCase{"APassOfAll", kFails, {V::kPass, V::kPass}, {V::kXpass, V::kXpass}},
                    ApplyCase{"AnErrorStays", kFails, {V::kPass, V::kErrorSut}, {V::kPass, V::kErrorSut}},
                    ApplyCase{"OneCheckFails", kCheckFails, {V::kPass, V::kFail}, {V::kPass, V::kXfail}},
                    ApplyCase{"AnotherCheckFails", kCheckFails, {V::kFail, V::kFail}, {V::kFail, V::kXfail}},
                    ApplyCase{"TheCheckPasses", kCheckFails, {V::kFail, V::kPass}, {V::kFail, V::kXpass}},
                    ApplyCase{"UnsupportedAsDeclared", kUnsupported, {V::kUnsupported}, {V::kUnsupported}},
                    ApplyCase{"SupportedAfterAll", kUnsupported, {V::kPass, V::kFail}, {V::kXpass, V::kFail}},
                    ApplyCase{"UnsupportedAndNobodySaidSo", kNothing, {V::kUnsupported}, {V::kNotReached}},
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

TEST(Expecting, TheReasonIsInTheReport) {
  scenarios::Outcome outcome;
  outcome.scenario = &testing_support::simple_scenario("refresh/once", "x");
  outcome.checks = {check("a", "", V::kFail)};
  kFails.apply(outcome);
  EXPECT_THAT(outcome.checks[0].observed, HasSubstr("ticket 1"));
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
                            ":1:16: no such expectation \"XFIAL\"; did you mean \"XFAIL\"?"},
                    BadCase{"NoReason", "refresh/once: {XFAIL: \"\"}\n", "expected the reason"},
                    BadCase{"ReasonIsNoText", "refresh/once: {XFAIL: 3}\n", "expected the reason"},
                    BadCase{"NoKind", "refresh/once: \"XFAIL\"\n", "expected one of {XFAIL: reason}"},
                    BadCase{"UnsupportedCheck", "refresh/once#told: {UNSUPPORTED: known}\n", "only a whole scenario"},
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
