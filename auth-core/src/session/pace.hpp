#pragma once

#include <optional>
#include <utility>

#include "authcore/authenticator.hpp"
#include "oidc/clock.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// Spaces the attempts of something that fails: doubling from the policy's first to its longest
/// back-off, or as long as the server asked. A success ends the series. Not thread-safe.
class Pace {
 public:
  explicit Pace(const RefreshPolicy& policy) : first_{policy.first_backoff}, longest_{policy.max_backoff} {}

  /// The next attempt may come after the back-off, and not before `at_least`. Returns the wait.
  oidc::Duration failed(oidc::Error error, oidc::Duration steady_now, oidc::Duration at_least = {});
  /// The first failure of something that may be tried again at once.
  void failed_once(oidc::Error error) { error_ = std::move(error); }
  /// No further attempt until `succeeded`.
  void failed_for_good(oidc::Error error);
  void succeeded();

  /// The last failure, if one stands.
  const std::optional<oidc::Error>& error() const { return error_; }
  /// When the next attempt may be made, by the monotonic clock; `Duration::max()` for never.
  oidc::Duration next_attempt() const { return next_attempt_; }
  bool must_wait(oidc::Duration steady_now) const { return error_ && steady_now < next_attempt_; }
  bool is_final() const { return error_ && next_attempt_ == oidc::Duration::max(); }

 private:
  oidc::Duration first_;
  oidc::Duration longest_;
  std::optional<oidc::Error> error_;
  oidc::Duration backoff_{};
  oidc::Duration next_attempt_{};
};

}  // namespace authcore
