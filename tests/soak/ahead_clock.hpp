#pragma once

#include <atomic>

#include "oidc/clock.hpp"

namespace soak {

/// The machine's clock, ahead by as much as it was told: as if the machine had slept in between.
/// Waiting is real. Thread-safe.
class AheadClock final : public oidc::Clock {
 public:
  oidc::TimePoint now() const override { return system_.now() + ahead_.load(); }
  oidc::Duration steady_now() const override { return system_.steady_now() + ahead_.load(); }
  bool sleep_for(oidc::Duration duration, std::stop_token stop) override { return system_.sleep_for(duration, stop); }

  void set_ahead(oidc::Duration ahead) { ahead_ = ahead; }

 private:
  oidc::SystemClock system_;
  std::atomic<oidc::Duration> ahead_{oidc::Duration::zero()};
};

}  // namespace soak
