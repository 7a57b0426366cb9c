#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

/// The only time in the project. See docs/adr/0002-virtual-time.md.
namespace oidc {

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::sys_time<Duration>;

/// Whole seconds since the epoch, rounded down: what JWTs and stored credentials hold.
constexpr std::chrono::seconds epoch_seconds(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
}

/// "2030-01-01T00:00:00.000Z".
std::string format_iso8601(TimePoint time);
/// IMF-fixdate, "Tue, 01 Jan 2030 00:00:00 GMT" (RFC 9110 §5.6.7).
std::string format_http_date(TimePoint time);

/// Wall time, monotonic time and waiting. All members are thread-safe.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Wall time: what tokens and HTTP dates are compared with. May step.
  virtual TimePoint now() const = 0;
  /// Monotonic time since an arbitrary origin: for measuring waits. Never steps back.
  virtual Duration steady_now() const = 0;

  /// Waits until the monotonic clock has moved by `duration` (nothing if it is not
  /// positive). Returns false if `stop` was requested first.
  virtual bool sleep_for(Duration duration, std::stop_token stop = {}) = 0;

  /// Says that the calling thread is about to wait for another thread (a mutex, a
  /// socket, a child) until `end_wait`. Real clocks ignore it; the virtual clock
  /// counts the thread as asleep. Use `WaitScope`.
  virtual void begin_wait() {}
  virtual void end_wait() {}
};

/// Marks a wait for another thread: `const WaitScope waiting{clock};` before the lock.
class WaitScope {
 public:
  explicit WaitScope(Clock& clock) : clock_{clock} { clock_.begin_wait(); }
  WaitScope(const WaitScope&) = delete;
  WaitScope& operator=(const WaitScope&) = delete;
  ~WaitScope() { clock_.end_wait(); }

 private:
  Clock& clock_;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  Duration steady_now() const override;
  bool sleep_for(Duration duration, std::stop_token stop = {}) override;
};

/// A clock that moves only when it is told to, or when everybody sleeps.
///
/// Each thread that takes part holds an `Actor`. Once as many threads sleep or wait
/// (`WaitScope`) as there are actors, the clock jumps to the earliest wake-up. With
/// no actor at all the clock is manual: a sleeper blocks until `advance` passes its
/// wake-up time.
///
/// A server thread that sleeps on behalf of a client stands for the client's thread,
/// which is blocked on the socket; it needs no actor of its own.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(TimePoint start) : start_{start}, now_{start} {}

  TimePoint now() const override;
  Duration steady_now() const override;
  bool sleep_for(Duration duration, std::stop_token stop = {}) override;
  void begin_wait() override;
  void end_wait() override;

  /// Moves wall and monotonic time forward and wakes whoever is due. Negative: ignored.
  void advance(Duration duration);
  /// Moves wall time only, also backwards (an NTP step, a resumed laptop).
  void step_wall(Duration offset);
  /// Moves forward to `time`; does nothing if it is past. Repeating it is harmless.
  void advance_to(TimePoint time);

  /// Blocks (in real time) until `count` threads sleep. For tests in manual mode.
  void await_sleepers(std::size_t count) const;

  /// Counts the calling thread among those whose sleep lets time jump.
  class Actor {
   public:
    explicit Actor(VirtualClock& clock);
    Actor(const Actor&) = delete;
    Actor& operator=(const Actor&) = delete;
    ~Actor();

   private:
    VirtualClock& clock_;
  };

 private:
  /// One call of `sleep_for`, on its thread's stack. Guarded by mutex_.
  struct Sleeper {
    enum class State { kFallingAsleep, kAsleep, kDue, kStopped };
    State state = State::kFallingAsleep;
    std::multimap<TimePoint, Sleeper*>::iterator entry{};  // valid while asleep
  };

  void jump_if_all_asleep();     // requires mutex_
  void move_to(TimePoint time);  // requires mutex_

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  TimePoint start_;
  TimePoint now_;                                  // guarded by mutex_; monotonic part of the wall time
  Duration wall_offset_{};                         // guarded by mutex_; sum of all step_wall
  std::multimap<TimePoint, Sleeper*> wake_ups_{};  // guarded by mutex_; those asleep, by when they are due
  std::size_t actors_ = 0;                         // guarded by mutex_
  std::size_t waiting_ = 0;                        // guarded by mutex_
};

/// Another clock, seen by a machine whose wall time is off by `offset`.
class SkewedClock final : public Clock {
 public:
  SkewedClock(Clock& base, Duration offset) : base_{base}, offset_{offset} {}

  TimePoint now() const override { return base_.now() + offset_; }
  Duration steady_now() const override { return base_.steady_now(); }
  bool sleep_for(Duration duration, std::stop_token stop = {}) override { return base_.sleep_for(duration, stop); }
  void begin_wait() override { base_.begin_wait(); }
  void end_wait() override { base_.end_wait(); }

 private:
  Clock& base_;
  Duration offset_;
};

}  // namespace oidc
