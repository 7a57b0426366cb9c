#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace oidc::detail {

/// Breaks the connection of one exchange from another thread. httplib only watches the
/// silence between two reads, so a peer that trickles would hold us for ever. Thread-safe.
class Interrupter {
 public:
  Interrupter() = default;
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;
  ~Interrupter();

  /// Keeps a duplicate of the connection's socket: httplib may close its own at any time,
  /// and its number may be somebody else's by then.
  void attach(int socket);
  /// Shuts the connection down, also one that is attached later.
  void fire();
  bool fired() const;
  /// Before the connection is used again.
  void reset();

 private:
  mutable std::mutex mutex_;
  int socket_ = -1;     // guarded by mutex_
  bool fired_ = false;  // guarded by mutex_
};

/// Fires interrupters whose deadline has passed, from one thread of its own, which starts
/// with the first deadline. Thread-safe.
class Watchdog {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Watchdog() = default;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  /// Watches `interrupter` for as long as it lives.
  class Watch {
   public:
    Watch(Watchdog& watchdog, Deadline deadline, Interrupter& interrupter);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    Watchdog& watchdog_;
    std::pair<Deadline, std::uint64_t> key_;
  };

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<Deadline, std::uint64_t>, Interrupter*> watched_;  // guarded by mutex_
  std::uint64_t next_id_ = 0;                                           // guarded by mutex_
  Deadline wakes_at_ = Deadline::max();                                 // guarded by mutex_
  bool ending_ = false;                                                 // guarded by mutex_
  std::thread thread_;                                                  // guarded by mutex_
};

}  // namespace oidc::detail
