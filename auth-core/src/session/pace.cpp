#include "session/pace.hpp"

#include <algorithm>
#include <utility>

namespace authcore {

namespace {

/// A server that asks for a year has made a mistake.
constexpr oidc::Duration kLongestRetryAfter = std::chrono::hours{1};

}  // namespace

oidc::Duration Pace::failed(oidc::Error error, oidc::Duration steady_now, oidc::Duration at_least) {
  backoff_ = backoff_ == oidc::Duration::zero() ? first_ : std::min(backoff_ * 2, longest_);
  const oidc::Duration asked = std::min<oidc::Duration>(error.retry_after, kLongestRetryAfter);
  const oidc::Duration wait = std::max({backoff_, asked, at_least});
  next_attempt_ = steady_now + wait;
  error_ = std::move(error);
  return wait;
}

void Pace::failed_for_good(oidc::Error error) {
  next_attempt_ = oidc::Duration::max();
  error_ = std::move(error);
}

void Pace::succeeded() {
  error_.reset();
  backoff_ = {};
  next_attempt_ = {};
}

}  // namespace authcore
