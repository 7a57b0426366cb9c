#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "oidc/clock.hpp"

namespace authcore {

/// A mutex that is meant to be held during network requests: first come, first served, and
/// virtual time may pass while others wait. Whoever gives it back counts the next one as awake
/// at once, so that time cannot jump before that thread gets to run.
class Turn {
 public:
  explicit Turn(oidc::Clock& clock) : clock_{clock} {}

  void lock();
  /// False, at once, if somebody has the turn.
  bool try_lock();
  void unlock();

 private:
  oidc::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ticket_ = 0;  // guarded by mutex_
  std::uint64_t serving_ = 0;      // guarded by mutex_
};

}  // namespace authcore
