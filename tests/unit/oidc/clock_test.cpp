#include "oidc/clock.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace oidc {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr TimePoint kStart = sys_days{std::chrono::year{2030} / 1 / 1};

TEST(FormatTest, WritesIso8601WithMilliseconds) {
  EXPECT_EQ(format_iso8601(kStart), "2030-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso8601(kStart + 7ms), "2030-01-01T00:00:00.007Z");
  EXPECT_EQ(format_iso8601(TimePoint{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(FormatTest, WritesHttpDates) {
  EXPECT_EQ(format_http_date(kStart), "Tue, 01 Jan 2030 00:00:00 GMT");
  EXPECT_EQ(format_http_date(TimePoint{784111777s}), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 §5.6.7
}

TEST(FormatTest, EpochSecondsAreRoundedDown) {
  EXPECT_EQ(epoch_seconds(TimePoint{1999ms}), 1s);
  EXPECT_EQ(epoch_seconds(TimePoint{-1ms}), -1s);
}

TEST(VirtualClockTest, AdvanceMovesBothTimes) {
  VirtualClock clock{kStart};
  clock.advance(90s);
  EXPECT_EQ(clock.now(), kStart + 90s);
  EXPECT_EQ(clock.steady_now(), 90s);
  clock.advance(-10s);
  EXPECT_EQ(clock.now(), kStart + 90s);
}

TEST(VirtualClockTest, StepWallLeavesMonotonicTimeAlone) {
  VirtualClock clock{kStart};
  clock.advance(10s);
  clock.step_wall(-1h);
  EXPECT_EQ(clock.now(), kStart + 10s - 1h);
  EXPECT_EQ(clock.steady_now(), 10s);
}

TEST(VirtualClockTest, AdvanceToNamesWallTimeAndMayBeRepeated) {
  VirtualClock clock{kStart};
  clock.step_wall(1h);
  clock.advance_to(kStart + 2h);
  clock.advance_to(kStart + 2h);
  clock.advance_to(kStart);
  EXPECT_EQ(clock.now(), kStart + 2h);
  EXPECT_EQ(clock.steady_now(), 1h);
}

TEST(VirtualClockTest, AnAdvanceBeyondTheEndOfTimeStopsThere) {
  VirtualClock clock{kStart};
  clock.advance(Duration::max());
  EXPECT_EQ(clock.now(), TimePoint::max());
}

TEST(VirtualClockTest, ASleepThatIsNotPositiveReturnsAtOnce) {
  VirtualClock clock{kStart};
  EXPECT_TRUE(clock.sleep_for(0ms));
  EXPECT_TRUE(clock.sleep_for(-5s));
  EXPECT_EQ(clock.steady_now(), 0ms);
}

TEST(VirtualClockManualTest, ASleeperBlocksUntilAdvancePassesItsWakeUp) {
  VirtualClock clock{kStart};
  std::atomic<bool> woken = false;
  std::jthread sleeper{[&] {
    EXPECT_TRUE(clock.sleep_for(10s));
    EXPECT_EQ(clock.steady_now(), 10s);
    woken = true;
  }};
  clock.await_sleepers(1);
  clock.advance(9s);
  clock.await_sleepers(1);
  EXPECT_FALSE(woken);
  clock.advance(1s);
  sleeper.join();
  EXPECT_TRUE(woken);
}

TEST(VirtualClockManualTest, AnAdvanceBeforeTheSleepIsNotCounted) {
  VirtualClock clock{kStart};
  clock.advance(10s);
  std::jthread sleeper{[&] { clock.sleep_for(10s); }};
  clock.await_sleepers(1);
  clock.advance(10s);
  sleeper.join();
  EXPECT_EQ(clock.steady_now(), 20s);
}

TEST(VirtualClockManualTest, OnlyThoseWhoAreDueWake) {
  VirtualClock clock{kStart};
  std::atomic<int> woken = 0;
  std::vector<std::jthread> sleepers;
  for (int i = 1; i <= 5; ++i) {
    sleepers.emplace_back([&clock, &woken, i] {
      clock.sleep_for(i * 1s);
      ++woken;
    });
  }
  clock.await_sleepers(5);
  clock.advance(3s);
  for (std::size_t i = 0; i < 3; ++i) {
    sleepers[i].join();
  }
  clock.await_sleepers(2);
  EXPECT_EQ(woken, 3);
  clock.advance(2s);
}

TEST(VirtualClockAutoTest, TheOnlyActorJumps) {
  VirtualClock clock{kStart};
  const VirtualClock::Actor me{clock};
  EXPECT_TRUE(clock.sleep_for(3h));
  EXPECT_TRUE(clock.sleep_for(1ms));
  EXPECT_EQ(clock.now(), kStart + 3h + 1ms);
}

TEST(VirtualClockAutoTest, SleepersWakeInTheOrderOfTheirTimes) {
  VirtualClock clock{kStart};
  std::vector<int> order;  // only one of them is awake at a time
  std::vector<std::jthread> threads;
  auto starter = std::make_optional<VirtualClock::Actor>(clock);
  for (const int seconds : {30, 10, 20}) {
    threads.emplace_back([&, seconds] {
      const VirtualClock::Actor actor{clock};
      clock.sleep_for(seconds * 1s);
      EXPECT_EQ(clock.steady_now(), seconds * 1s);
      order.push_back(seconds);
    });
  }
  clock.await_sleepers(3);
  starter.reset();  // now everybody sleeps
  threads.clear();
  EXPECT_EQ(order, (std::vector<int>{10, 20, 30}));
}

TEST(VirtualClockAutoTest, ParallelActorsNeverOvertakeEachOther) {
  constexpr int kThreads = 4;
  constexpr int kSleeps = 200;
  VirtualClock clock{kStart};
  auto starter = std::make_optional<VirtualClock::Actor>(clock);
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&clock, i] {
      const VirtualClock::Actor actor{clock};
      Duration expected{};
      for (int n = 0; n < kSleeps; ++n) {
        const Duration nap = (1 + (n * (i + 3)) % 7) * 1ms;
        expected += nap;
        clock.sleep_for(nap);
        // A jump while this thread was awake would show here.
        ASSERT_EQ(clock.steady_now(), expected);
      }
    });
  }
  clock.await_sleepers(kThreads);
  starter.reset();
}

TEST(VirtualClockAutoTest, AWokenSleeperIsAwakeAtOnce) {
  // Two actors are due at 10 s. The first to run sleeps again; time must wait for the other.
  for (int round = 0; round < 200; ++round) {
    VirtualClock clock{kStart};
    auto starter = std::make_optional<VirtualClock::Actor>(clock);
    const auto twice = [&clock] {
      const VirtualClock::Actor actor{clock};
      clock.sleep_for(10s);
      ASSERT_EQ(clock.steady_now(), 10s);
      clock.sleep_for(10s);
      ASSERT_EQ(clock.steady_now(), 20s);
    };
    std::jthread a{twice};
    std::jthread b{twice};
    clock.await_sleepers(2);
    starter.reset();
  }
}

TEST(VirtualClockAutoTest, AWaitForAnotherThreadLetsTimeJump) {
  VirtualClock clock{kStart};
  std::mutex mutex;
  const VirtualClock::Actor me{clock};
  std::atomic<bool> holds = false;
  std::jthread holder{[&] {
    const VirtualClock::Actor actor{clock};
    const std::lock_guard lock{mutex};
    holds = true;
    clock.sleep_for(1min);
  }};
  while (!holds) {
    std::this_thread::yield();
  }
  {
    const WaitScope waiting{clock};
    const std::lock_guard lock{mutex};
  }
  EXPECT_EQ(clock.steady_now(), 1min);
  clock.sleep_for(0ms);
}

TEST(VirtualClockAutoTest, ABeginningWaitCompletesTheConditionAndItsEndDoesNotUndoIt) {
  VirtualClock clock{kStart};
  const VirtualClock::Actor me{clock};
  const VirtualClock::Actor other{clock};
  std::jthread sleeper{[&] { clock.sleep_for(5s); }};
  clock.await_sleepers(1);
  EXPECT_EQ(clock.steady_now(), 0s);
  clock.begin_wait();
  EXPECT_EQ(clock.steady_now(), 5s);
  clock.end_wait();
  EXPECT_EQ(clock.steady_now(), 5s);
}

TEST(VirtualClockAutoTest, AnActorThatLeavesNoLongerHoldsTimeBack) {
  VirtualClock clock{kStart};
  auto me = std::make_optional<VirtualClock::Actor>(clock);
  std::jthread sleeper{[&] {
    const VirtualClock::Actor actor{clock};
    clock.sleep_for(5s);
  }};
  clock.await_sleepers(1);
  me.reset();
  sleeper.join();
  EXPECT_EQ(clock.steady_now(), 5s);
}

TEST(VirtualClockAutoTest, AServerThreadSleepsForItsClient) {
  VirtualClock clock{kStart};
  const VirtualClock::Actor client{clock};
  std::jthread server{[&] { clock.sleep_for(1h); }};  // not an actor
  server.join();
  EXPECT_EQ(clock.steady_now(), 1h);
}

TEST(StopTest, AStopWakesAVirtualSleeper) {
  VirtualClock clock{kStart};
  std::stop_source stop;
  std::jthread sleeper{[&] { EXPECT_FALSE(clock.sleep_for(1h, stop.get_token())); }};
  clock.await_sleepers(1);
  stop.request_stop();
  sleeper.join();
  EXPECT_EQ(clock.steady_now(), 0s);
}

TEST(StopTest, AStopThatCameBeforeTheSleepCounts) {
  VirtualClock clock{kStart};
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(clock.sleep_for(1h, stop.get_token()));
  EXPECT_FALSE(SystemClock{}.sleep_for(1h, stop.get_token()));
}

TEST(StopTest, AStoppedSleeperIsAwakeAtOnce) {
  for (int round = 0; round < 100; ++round) {
    VirtualClock clock{kStart};
    std::stop_source stop;
    auto me = std::make_optional<VirtualClock::Actor>(clock);
    std::jthread sleeper{[&] {
      const VirtualClock::Actor actor{clock};
      EXPECT_FALSE(clock.sleep_for(1h, stop.get_token()));
      EXPECT_EQ(clock.steady_now(), 0s);  // time waits for us, though the other actor sleeps
      clock.sleep_for(1s);
      EXPECT_EQ(clock.steady_now(), 1s);
    }};
    clock.await_sleepers(1);
    stop.request_stop();
    clock.sleep_for(5s);
    me.reset();
  }
}

TEST(StopTest, StopsAndWakeUpsMayRace) {
  for (int round = 0; round < 200; ++round) {
    VirtualClock clock{kStart};
    std::stop_source stop;
    std::jthread sleeper{[&] { clock.sleep_for(1s, stop.get_token()); }};
    std::jthread stopper{[&] { stop.request_stop(); }};
    clock.advance(1s);
  }
}

TEST(StopTest, AStopWakesARealSleeper) {
  SystemClock clock;
  std::stop_source stop;
  std::jthread sleeper{[&] { EXPECT_FALSE(clock.sleep_for(Duration::max(), stop.get_token())); }};
  stop.request_stop();
}

TEST(SystemClockTest, MonotonicTimeMovesBySleeping) {
  SystemClock clock;
  const Duration before = clock.steady_now();
  EXPECT_TRUE(clock.sleep_for(2ms));
  EXPECT_GE(clock.steady_now() - before, 2ms);
  EXPECT_GT(clock.now(), TimePoint{sys_days{std::chrono::year{2020} / 1 / 1}});
}

TEST(SkewedClockTest, OnlyWallTimeIsOff) {
  VirtualClock base{kStart};
  const VirtualClock::Actor me{base};
  SkewedClock clock{base, -2min};
  EXPECT_TRUE(clock.sleep_for(1s));
  EXPECT_EQ(clock.now(), kStart + 1s - 2min);
  EXPECT_EQ(clock.steady_now(), 1s);
}

}  // namespace
}  // namespace oidc
