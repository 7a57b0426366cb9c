#pragma once

#include <algorithm>
#include <optional>

#include "client/client_context.hpp"
#include "oidc/clock.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// Whatever a server says, it is not asked more often.
constexpr oidc::Duration kMinPollInterval = std::chrono::seconds{1};

/// How long to wait before the next poll (RFC 8628 §3.5). A value.
class PollPacing {
 public:
  explicit PollPacing(oidc::Duration interval);

  oidc::Duration next() const { return std::max(postponed_, interval_ * backoff_); }

  /// authorization_pending: the interval stays.
  void on_pending();
  /// slow_down: 5 s more from now on, or the interval the server names if that is longer.
  void on_slow_down(std::optional<oidc::Duration> named);
  /// No usable reply: the wait doubles until there is one again. `retry_after` postpones the
  /// next poll only. Neither undoes a slow_down.
  void on_failure(std::optional<oidc::Duration> retry_after);

 private:
  oidc::Duration interval_;
  int backoff_ = 1;
  oidc::Duration postponed_{};
};

/// Polls with `grant` until tokens, a terminal error, or `expires_at`. The first poll comes
/// after one interval; none at or after `expires_at` (W-28). Lost replies, timeouts, 5xx and
/// throttling do not end it (W-29). Errors: `kDeviceCodeExpired`, `kAccessDenied`, `kCancelled`,
/// `kTls`, any other error reply.
oidc::Result<oidc::Json> poll_for_tokens(ClientContext& context, const oidc::Form& grant, PollPacing pacing,
                                         oidc::TimePoint expires_at);

}  // namespace authcore
