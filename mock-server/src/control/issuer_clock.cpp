#include "mockserver/issuer_clock.hpp"

#include <algorithm>
#include <utility>

#include "control/timestamp.hpp"

namespace mockserver {

oidc::TimePoint IssuerClock::now_locked() const {
  return (running_ ? system_.now() : start_) + advanced_ + wall_offset_;
}

oidc::Duration IssuerClock::steady_locked() const {
  return (running_ ? system_.steady_now() : oidc::Duration::zero()) + advanced_;
}

oidc::TimePoint IssuerClock::now() const {
  const std::scoped_lock lock{mutex_};
  return now_locked();
}

oidc::Duration IssuerClock::steady_now() const {
  const std::scoped_lock lock{mutex_};
  return steady_locked();
}

bool IssuerClock::sleep_for(oidc::Duration duration, std::stop_token stop) {
  std::unique_lock lock{mutex_};
  const oidc::Duration due = steady_locked() + duration;
  const auto awake = [&] { return closed_ || steady_locked() >= due; };
  ++sleepers_;
  changed_.notify_all();
  while (!awake() && !stop.stop_requested()) {
    if (running_) {
      changed_.wait_for(lock, stop, due - steady_locked(), awake);
    } else {
      changed_.wait(lock, stop, awake);
    }
  }
  --sleepers_;
  return !closed_ && steady_locked() >= due;
}

void IssuerClock::advance(oidc::Duration duration) {
  const std::scoped_lock lock{mutex_};
  advanced_ += std::max(duration, oidc::Duration::zero());
  changed_.notify_all();
}

void IssuerClock::set(oidc::TimePoint time) {
  const std::scoped_lock lock{mutex_};
  const oidc::Duration distance = time - now_locked();
  (distance > oidc::Duration::zero() ? advanced_ : wall_offset_) += distance;
  changed_.notify_all();
}

std::size_t IssuerClock::sleepers() const {
  const std::scoped_lock lock{mutex_};
  return sleepers_;
}

bool IssuerClock::await_sleepers(std::size_t count, std::chrono::milliseconds timeout) const {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, timeout, [&] { return sleepers_ >= count; });
}

void IssuerClock::close() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

std::shared_ptr<IssuerClock> make_issuer_clock(std::string_view text) {
  if (text == "system") {
    return std::make_shared<IssuerClock>();
  }
  // The tokens of a clock that starts now suit clients with the machine's time.
  const auto start = text == "virtual" ? oidc::SystemClock{}.now() : control::parse_iso8601(text);
  return start ? std::make_shared<IssuerClock>(*start) : nullptr;
}

}  // namespace mockserver
