#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "authcore/storage.hpp"

namespace authcore {

/// The names that are locked within this process. Thread-safe; never waits.
class LocalLocks : public std::enable_shared_from_this<LocalLocks> {
 public:
  /// nullptr if somebody has it.
  std::unique_ptr<ObjectStorageProvider::Lock> try_lock(const std::string& name);

 private:
  class Held;

  std::mutex mutex_;
  std::set<std::string> names_;  // guarded by mutex_
};

using MaybeLock = oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>>;

/// Calls `attempt` at once and then every 50 ms on `clock` until it yields a lock or an error.
/// After `timeout`: `kLocked`, naming `name`; once `stop` is requested: `kCancelled`. Waiting sleeps on the clock, so
/// virtual time can pass while another thread holds the lock.
MaybeLock poll_for_lock(const std::string& name, oidc::Clock& clock, oidc::Duration timeout, std::stop_token stop,
                        const std::function<MaybeLock()>& attempt);

}  // namespace authcore
