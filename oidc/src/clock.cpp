#include "oidc/clock.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace oidc {
namespace {

// Longer waits would overflow the nanoseconds that the standard library counts in.
constexpr Duration kLongestRealSleep = std::chrono::hours{24 * 365 * 100};

std::tm to_utc(TimePoint time) {
  const std::time_t seconds = epoch_seconds(time).count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string format_iso8601(TimePoint time) {
  const std::tm parts = to_utc(time);
  const auto millis = (time.time_since_epoch() - epoch_seconds(time)).count();
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(millis));
  return text.data();
}

std::string format_http_date(TimePoint time) {
  // Not strftime: the names must not depend on the locale.
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm parts = to_utc(time);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

TimePoint SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration SystemClock::steady_now() const {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

bool SystemClock::sleep_for(Duration duration, std::stop_token stop) {
  if (duration <= Duration::zero()) {
    return !stop.stop_requested();
  }
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait_for(lock, stop, std::min(duration, kLongestRealSleep), [] { return false; });
  return !stop.stop_requested();
}

TimePoint VirtualClock::now() const {
  const std::lock_guard lock{mutex_};
  return now_ + wall_offset_;
}

Duration VirtualClock::steady_now() const {
  const std::lock_guard lock{mutex_};
  return now_ - start_;
}

bool VirtualClock::sleep_for(Duration duration, std::stop_token stop) {
  if (stop.stop_requested() || duration <= Duration::zero()) {
    return !stop.stop_requested();
  }
  Sleeper sleeper;
  // Registered before the sleep can be seen, and without the mutex, which the callback takes.
  // Whoever requests the stop takes the sleeper off the list: it counts as awake from then on.
  const std::stop_callback on_stop{stop, [this, &sleeper] {
                                     const std::lock_guard lock{mutex_};
                                     if (sleeper.state == Sleeper::State::kAsleep) {
                                       wake_ups_.erase(sleeper.entry);
                                     }
                                     if (sleeper.state != Sleeper::State::kDue) {
                                       sleeper.state = Sleeper::State::kStopped;
                                       changed_.notify_all();
                                     }
                                   }};
  std::unique_lock lock{mutex_};
  if (sleeper.state == Sleeper::State::kFallingAsleep) {
    const TimePoint wake_up = duration < TimePoint::max() - now_ ? now_ + duration : TimePoint::max();
    sleeper.entry = wake_ups_.emplace(wake_up, &sleeper);
    sleeper.state = Sleeper::State::kAsleep;
    changed_.notify_all();
    jump_if_all_asleep();
  }
  changed_.wait(lock, [&] { return sleeper.state != Sleeper::State::kAsleep; });
  return sleeper.state == Sleeper::State::kDue;
}

void VirtualClock::begin_wait() {
  const std::lock_guard lock{mutex_};
  ++waiting_;
  jump_if_all_asleep();
}

void VirtualClock::end_wait() {
  const std::lock_guard lock{mutex_};
  --waiting_;
}

void VirtualClock::advance(Duration duration) {
  const std::lock_guard lock{mutex_};
  if (duration > Duration::zero()) {
    move_to(duration < TimePoint::max() - now_ ? now_ + duration : TimePoint::max());
  }
}

void VirtualClock::step_wall(Duration offset) {
  const std::lock_guard lock{mutex_};
  wall_offset_ += offset;
}

void VirtualClock::advance_to(TimePoint time) {
  const std::lock_guard lock{mutex_};
  if (time - wall_offset_ > now_) {
    move_to(time - wall_offset_);
  }
}

void VirtualClock::await_sleepers(std::size_t count) const {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return wake_ups_.size() >= count; });
}

void VirtualClock::jump_if_all_asleep() {
  if (actors_ > 0 && !wake_ups_.empty() && wake_ups_.size() + waiting_ >= actors_) {
    move_to(wake_ups_.begin()->first);
  }
}

void VirtualClock::move_to(TimePoint time) {
  now_ = time;
  // Off the list at once, not when their threads get to run: else whoever sleeps next
  // would take them for asleep and make time jump a second time.
  const auto not_due = wake_ups_.upper_bound(now_);
  for (auto entry = wake_ups_.begin(); entry != not_due; ++entry) {
    entry->second->state = Sleeper::State::kDue;
  }
  wake_ups_.erase(wake_ups_.begin(), not_due);
  changed_.notify_all();
}

VirtualClock::Actor::Actor(VirtualClock& clock) : clock_{clock} {
  const std::lock_guard lock{clock_.mutex_};
  ++clock_.actors_;
}

VirtualClock::Actor::~Actor() {
  const std::lock_guard lock{clock_.mutex_};
  --clock_.actors_;
  clock_.jump_if_all_asleep();
}

}  // namespace oidc
