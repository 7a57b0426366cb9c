#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "oidc/clock.hpp"

namespace authcore {

/// A mutex that is meant to be held during network requests: first come, first served, and
/// virtual time may pass while others wait. Whoever gives it back counts the next one as awake
/// at once, so that time cannot jump before that thread gets to run. Only that thread is woken: with a thousand
/// waiting, waking them all each time takes seconds.
class Turn {
 public:
  explicit Turn(oidc::Clock& clock) : clock_{clock} {}

  void lock();
  /// False, at once, if somebody has the turn.
  bool try_lock();
  void unlock();

 private:
  struct Waiter {
    std::condition_variable called;
    bool has_turn = false;
  };

  oidc::Clock& clock_;
  std::mutex mutex_;
  bool taken_ = false;           // guarded by mutex_
  std::deque<Waiter*> waiting_;  // guarded by mutex_; in order of arrival, each on its thread's stack
};

}  // namespace authcore
