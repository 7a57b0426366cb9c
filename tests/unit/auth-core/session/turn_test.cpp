#include "session/turn.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace authcore {
namespace {

/// Counts who waits.
class CountingClock final : public oidc::Clock {
 public:
  oidc::TimePoint now() const override { return {}; }
  oidc::Duration steady_now() const override { return {}; }
  bool sleep_for(oidc::Duration, std::stop_token) override { return true; }
  void begin_wait() override { ++waiting; }
  void end_wait() override { --waiting; }

  std::atomic<int> waiting{0};
};

TEST(TurnTest, CountsAWaiterAsAwakeAsSoonAsTheTurnIsGivenBack) {
  CountingClock clock;
  Turn turn{clock};
  turn.lock();
  EXPECT_EQ(clock.waiting, 0) << "a free turn is not waited for";
  std::thread waiter{[&] { const std::scoped_lock mine{turn}; }};
  while (clock.waiting != 1) {
    std::this_thread::yield();
  }
  turn.unlock();
  const int waiting_after_unlock = clock.waiting;
  waiter.join();
  EXPECT_EQ(waiting_after_unlock, 0) << "before the waiter itself got to run";
  EXPECT_EQ(clock.waiting, 0);
}

TEST(TurnTest, IsTakenOnTrialOnlyIfNobodyHasIt) {
  CountingClock clock;
  Turn turn{clock};
  ASSERT_TRUE(turn.try_lock());
  EXPECT_FALSE(turn.try_lock());
  turn.unlock();
  EXPECT_TRUE(turn.try_lock());
  turn.unlock();
  EXPECT_EQ(clock.waiting, 0);
}

TEST(TurnTest, ServesInTheOrderOfArrival) {
  CountingClock clock;
  Turn turn{clock};
  std::string order;
  turn.lock();
  std::array<std::thread, 4> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters[static_cast<std::size_t>(i)] = std::thread{[&, i] {
      const std::scoped_lock mine{turn};
      order += static_cast<char>('0' + i);
    }};
    while (clock.waiting != i + 1) {
      std::this_thread::yield();
    }
  }
  turn.unlock();
  for (std::thread& waiter : waiters) {
    waiter.join();
  }
  EXPECT_EQ(order, "0123");
}

}  // namespace
}  // namespace authcore
