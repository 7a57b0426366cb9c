#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include "oidc/clock.hpp"

namespace mockserver {

/// The clock of a served issuer: the machine's, moved by an offset, or one that stands
/// still until it is told to move. Unlike `oidc::VirtualClock` it has no actors: nobody's
/// sleep moves it. Thread-safe.
class IssuerClock final : public oidc::Clock {
 public:
  /// Runs with the machine.
  IssuerClock() = default;
  /// Stands still at `start`.
  explicit IssuerClock(oidc::TimePoint start) : running_{false}, start_{start} {}

  bool running() const { return running_; }

  oidc::TimePoint now() const override;
  oidc::Duration steady_now() const override;
  /// Also returns false after `close`.
  bool sleep_for(oidc::Duration duration, std::stop_token stop = {}) override;

  /// Moves wall and monotonic time forward and wakes whoever is due. Negative: ignored.
  void advance(oidc::Duration duration);
  /// Sets wall time. Forward it is an `advance`; backward monotonic time stays.
  void set(oidc::TimePoint time);

  /// How many threads sleep.
  std::size_t sleepers() const;
  /// Blocks (in real time) until `count` threads sleep; false if `timeout` passed first.
  bool await_sleepers(std::size_t count, std::chrono::milliseconds timeout) const;

  /// Ends every sleep, now and from now on: nobody will move this clock any more.
  void close();

 private:
  oidc::TimePoint now_locked() const;
  oidc::Duration steady_locked() const;

  const bool running_ = true;
  const oidc::TimePoint start_{};
  const oidc::SystemClock system_{};

  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  oidc::Duration advanced_{};     // guarded by mutex_; sum of all `advance`
  oidc::Duration wall_offset_{};  // guarded by mutex_; sum of all steps back
  std::size_t sleepers_ = 0;      // guarded by mutex_
  bool closed_ = false;           // guarded by mutex_
};

/// "system" runs with the machine, "virtual" stands still at the present time, and an ISO 8601 time with its zone
/// stands still there. Null if `text` is none of them.
std::shared_ptr<IssuerClock> make_issuer_clock(std::string_view text);

}  // namespace mockserver
