#pragma once

#include <optional>

#include "authcore/environment.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// When a request is sent again.
struct RetryPolicy {
  int max_retries = 3;                                        ///< of throttled requests (see `is_throttled`)
  int max_connect_retries = 2;                                ///< of requests that never left
  oidc::Duration first_wait = std::chrono::seconds{1};        ///< without Retry-After; doubles each time
  oidc::Duration retry_after_cap = std::chrono::seconds{60};  ///< a longer wait is told, not slept
};

/// True if the server said that it did not process the request: 429, or 503 or 413 with a readable
/// Retry-After (HTTP-004).
bool is_throttled(const oidc::HttpResponse& response, oidc::TimePoint now);

/// A reply, and when the request that got it left: lives counted from a request start there.
struct Exchange {
  oidc::HttpResponse response;
  oidc::TimePoint sent_at;
};

/// How auth-core sends: one policy in front of the transport. Thread-safe.
///
/// A request is repeated only if the server cannot have acted on it: the connection was never
/// made, or the reply says that it was refused for the moment. A POST that may have arrived
/// is never sent twice: it may have redeemed a one-time code or rotated a refresh token (W-37).
/// http and https are treated alike.
class HttpPolicy {
 public:
  explicit HttpPolicy(Environment environment, RetryPolicy policy = {})
      : environment_{std::move(environment)}, policy_{policy} {}

  /// Sends with retries. The last reply, also a throttled one, is returned for the caller to
  /// judge. Errors: those of the transport; `kRateLimited` at once if the server asks for a
  /// wait above the cap, with `retry_after` set; `kCancelled`.
  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest& request);
  /// `send`, also telling when the attempt that got the reply was made.
  oidc::Result<Exchange> exchange(const oidc::HttpRequest& request);
  /// Sends once, with the headers of `send`; for callers who pace themselves.
  oidc::Result<oidc::HttpResponse> send_once(oidc::HttpRequest request);

 private:
  oidc::Status pause(oidc::Duration wait, const oidc::HttpRequest& request, int status);

  Environment environment_;
  RetryPolicy policy_;
};

}  // namespace authcore
