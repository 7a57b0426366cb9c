#include "conformance/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(RunFaults, RefusesALibraryThatPromisesNothing) {
  scenarios::RunSettings settings;
  settings.transport = scenarios::Transport::kHttp;
  const auto runs = run_faults({}, {"true"}, settings);
  ASSERT_FALSE(runs);
  EXPECT_EQ(runs.error().code, oidc::Errc::kInvalidArgument);
}

}  // namespace
}  // namespace conformance
