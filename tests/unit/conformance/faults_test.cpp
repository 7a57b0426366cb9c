#include "conformance/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_report.hpp"

namespace conformance {
namespace {

using Result = FaultRun::Result;
using testing::HasSubstr;

FaultRun run(Result result) {
  return {"drop_rotation", "refresh/rotation", "sends-the-rotated-token", result, "stored: no"};
}

TEST(FaultMatrix, SaysThatEveryFaultIsCaught) {
  const std::vector<FaultRun> runs{run(Result::kCaught)};
  EXPECT_EQ(exit_code(runs), 0);
  EXPECT_THAT(to_terminal(runs), HasSubstr("1 faulty clients in 1 runs: 1 caught by the named check, 0 collateral, 0 "
                                           "silent, 0 broken: every fault is caught"));
}

TEST(FaultMatrix, IsNotContentWithAnotherCheckThatFails) {
  const std::vector<FaultRun> runs{run(Result::kCaught), run(Result::kCollateral)};
  EXPECT_EQ(exit_code(runs), 1);
  EXPECT_THAT(to_terminal(runs), HasSubstr("COLLATERAL"));
  EXPECT_THAT(to_terminal(runs), HasSubstr("stored: no"));
}

TEST(FaultMatrix, IsNotContentWithSilence) {
  EXPECT_EQ(exit_code({run(Result::kSilent)}), 1);
}

TEST(FaultMatrix, TellsABrokenClientFromACaughtOne) {
  EXPECT_EQ(exit_code({run(Result::kBroken)}), 4);
}

TEST(FaultMatrix, NothingRunIsNoSuccess) {
  EXPECT_EQ(exit_code(std::vector<FaultRun>{}), 2);
}

using V = scenarios::Verdict;

Result result_of(V named, V other) {
  scenarios::Outcome outcome;
  outcome.checks = {testing_support::check("named", "", named), testing_support::check("other", "", other)};
  return classified({"drop_rotation", "refresh/rotation", "named"}, outcome).result;
}

TEST(FaultRun, IsCaughtByTheNamedCheckAlone) {
  EXPECT_EQ(result_of(V::kFail, V::kPass), Result::kCaught);
  EXPECT_EQ(result_of(V::kWarn, V::kFail), Result::kCaught);
  EXPECT_EQ(result_of(V::kAdvice, V::kNotReached), Result::kCaught);
  EXPECT_EQ(result_of(V::kPass, V::kFail), Result::kCollateral);
  EXPECT_EQ(result_of(V::kPass, V::kPass), Result::kSilent);
  EXPECT_EQ(result_of(V::kFail, V::kErrorSut), Result::kBroken);
}

TEST(FaultRun, IsNotCaughtByACheckThatWasNotReached) {
  EXPECT_EQ(result_of(V::kNotReached, V::kPass), Result::kCollateral);
  EXPECT_EQ(result_of(V::kNotReached, V::kFail), Result::kCollateral);
  EXPECT_EQ(result_of(V::kNotApplicable, V::kPass), Result::kSilent);
  EXPECT_EQ(result_of(V::kUnsupported, V::kPass), Result::kSilent);
}

TEST(RunFaults, RefusesALibraryThatPromisesNothing) {
  scenarios::RunSettings settings;
  settings.transport = scenarios::Transport::kHttp;
  const auto runs = run_faults({}, {"true"}, settings);
  ASSERT_FALSE(runs);
  EXPECT_EQ(runs.error().code, oidc::Errc::kInvalidArgument);
}

}  // namespace
}  // namespace conformance
