#pragma once

#include <mutex>

#include "oidc/clock.hpp"

namespace authcore {

/// Locks a mutex that its holder may keep through a request: a virtual clock must count those
/// who queue for it as asleep, or time would stand still.
inline std::unique_lock<std::mutex> lock_waiting(std::mutex& mutex, oidc::Clock& clock) {
  std::unique_lock lock{mutex, std::try_to_lock};
  if (!lock) {
    const oidc::WaitScope waiting{clock};
    lock.lock();
  }
  return lock;
}

}  // namespace authcore
