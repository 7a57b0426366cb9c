#include "storage/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "status_matchers.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using ::testing::HasSubstr;

constexpr std::size_t kLimit = 1000;

TEST(ChildProcess, GivesTheInputAndTakesTheOutput) {
  const auto run = run_program({"sh", "-c", "cat; pwd; echo dropped >&2; exit 3"}, "/", "input\n", kLimit);
  ASSERT_THAT(run, IsOk());
  EXPECT_EQ(run->output, "input\n/\n");
  EXPECT_EQ(run->exit_code, 3);
}

TEST(ChildProcess, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(run_program({"sh", "-c", "kill -TERM $$"}, "/", "", kLimit).value().exit_code, -15);
}

TEST(ChildProcess, EndsAProgramThatStaysSilent) {
  const auto run = run_program({"sleep", "3600"}, "/", "", kLimit, 1ms);
  EXPECT_THAT(run, FailsWith(Errc::kStorage, HasSubstr("sleep")));
}

TEST(ChildProcess, EndsAProgramThatPrintsTooMuch) {
  EXPECT_THAT(run_program({"yes"}, "/", "", kLimit), FailsWith(Errc::kStorage, HasSubstr("too much")));
}

}  // namespace
}  // namespace authcore
