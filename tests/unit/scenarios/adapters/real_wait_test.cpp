#include <gtest/gtest.h>

#include "adapters/pipe_adapter.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

TEST(RealWait, IsSleepWhereNothingElseFillsIt) {
  EXPECT_EQ(slept({.lasted = 3s, .busy = 100ms}), 3s);
  EXPECT_EQ(slept({.lasted = 1s}), 0s) << "machines do that by chance";
  EXPECT_EQ(slept({.lasted = 3s, .busy = 1500ms}), 0s) << "it worked, or waited for a processor";
}

TEST(RealWait, ForUsIsNoSleepOfTheClient) {
  EXPECT_EQ(slept({.lasted = 3s, .ours = 3s}), 0s);
  EXPECT_EQ(slept({.lasted = 3s, .ours = 2s}), 0s) << "what is left is by chance";
  EXPECT_EQ(slept({.lasted = 3s, .ours = 5s}), 0s) << "several threads of ours may have waited at once";
  EXPECT_EQ(slept({.lasted = 9s, .busy = 1s, .ours = 2s}), 7s) << "a client that slept all the same";
}

}  // namespace
}  // namespace scenarios
