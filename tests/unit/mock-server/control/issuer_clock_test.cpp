#include "mockserver/issuer_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mockserver {
namespace {

using namespace std::chrono_literals;

constexpr oidc::TimePoint kStart{1'900'000'000s};

TEST(VirtualIssuerClock, StandsStillUntilItIsMoved) {
  IssuerClock clock{kStart};
  EXPECT_EQ(clock.now(), kStart);
  clock.advance(90s);
  EXPECT_EQ(clock.now(), kStart + 90s);
  EXPECT_EQ(clock.steady_now(), 90s);
}

TEST(VirtualIssuerClock, SettingItBackKeepsMonotonicTime) {
  IssuerClock clock{kStart};
  clock.advance(10s);
  clock.set(kStart - 1h);
  EXPECT_EQ(clock.now(), kStart - 1h);
  EXPECT_EQ(clock.steady_now(), 10s);
}

TEST(VirtualIssuerClock, SettingItForwardMovesMonotonicTime) {
  IssuerClock clock{kStart};
  clock.set(kStart + 1h);
  EXPECT_EQ(clock.now(), kStart + 1h);
  EXPECT_EQ(clock.steady_now(), 1h);
}

TEST(VirtualIssuerClock, WakesASleeperExactlyWhenDue) {
  IssuerClock clock{kStart};
  bool woke = false;
  std::thread sleeper{[&] { woke = clock.sleep_for(5s); }};
  ASSERT_TRUE(clock.await_sleepers(1, 10s));
  clock.advance(5s - 1ms);
  EXPECT_EQ(clock.sleepers(), 1U);
  clock.advance(1ms);
  sleeper.join();
  EXPECT_TRUE(woke);
}

TEST(VirtualIssuerClock, SaysThatNobodySleeps) {
  EXPECT_FALSE(IssuerClock{kStart}.await_sleepers(1, 1ms));
}

TEST(VirtualIssuerClock, DoesNotSleepForNothing) {
  IssuerClock clock{kStart};
  EXPECT_TRUE(clock.sleep_for(0s));
  EXPECT_TRUE(clock.sleep_for(-1s));
}

class EndedSleepTest : public ::testing::TestWithParam<bool> {
 protected:
  std::unique_ptr<IssuerClock> clock_ =
      GetParam() ? std::make_unique<IssuerClock>() : std::make_unique<IssuerClock>(kStart);
};

TEST_P(EndedSleepTest, ByAStopRequest) {
  bool woke = true;
  std::jthread sleeper{[&](const std::stop_token& stop) { woke = clock_->sleep_for(1h, stop); }};
  ASSERT_TRUE(clock_->await_sleepers(1, 10s));
  sleeper.request_stop();
  sleeper.join();
  EXPECT_FALSE(woke);
}

TEST_P(EndedSleepTest, ByClosingTheClock) {
  bool woke = true;
  std::jthread sleeper{[&] { woke = clock_->sleep_for(1h); }};
  ASSERT_TRUE(clock_->await_sleepers(1, 10s));
  clock_->close();
  sleeper.join();
  EXPECT_FALSE(woke);
}

TEST_P(EndedSleepTest, ByAdvancing) {
  bool woke = false;
  std::jthread sleeper{[&] { woke = clock_->sleep_for(1h); }};
  ASSERT_TRUE(clock_->await_sleepers(1, 10s));
  clock_->advance(1h);
  sleeper.join();
  EXPECT_TRUE(woke);
}

INSTANTIATE_TEST_SUITE_P(IssuerClock, EndedSleepTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Running" : "Virtual"; });

TEST(RunningIssuerClock, KeepsTheDistanceItWasGiven) {
  IssuerClock clock;
  const oidc::SystemClock machine;
  clock.advance(240h);
  EXPECT_GE(clock.now(), machine.now() + 240h - 1s);
  EXPECT_LE(clock.now(), machine.now() + 240h);
  EXPECT_TRUE(clock.running());
}

}  // namespace
}  // namespace mockserver
