#include "flows/device_polling.hpp"

#include "credential/token_times.hpp"
#include "http/retry_after.hpp"

namespace authcore {
namespace {

constexpr oidc::Duration kSlowDownStep = std::chrono::seconds{5};
// A whole day between polls outlives every device code; more would only overflow.
constexpr oidc::Duration kMaxInterval = std::chrono::hours{24};
constexpr int kMaxBackoff = 16;
constexpr int kServerErrors = 500;
constexpr int kTooManyRequests = 429;

oidc::Error expired() {
  return {oidc::Errc::kDeviceCodeExpired, "the device code expired before the login was approved"};
}

std::optional<oidc::Duration> named_interval(const oidc::HttpResponse& response) {
  const std::optional<oidc::Json> payload = error_payload(response);
  const auto seconds = payload ? seconds_member(*payload, "interval") : std::nullopt;
  return seconds ? std::optional<oidc::Duration>{*seconds} : std::nullopt;
}

bool is_transient(const oidc::Error& error) {
  if (error.http_status == 0) {
    return oidc::is_kind_of(error.code, oidc::Errc::kNetwork) && error.code != oidc::Errc::kTls;
  }
  const bool is_final = error.code == oidc::Errc::kInvalidGrant || error.code == oidc::Errc::kAccessDenied ||
                        error.code == oidc::Errc::kDeviceCodeExpired;
  return !is_final && (error.http_status >= kServerErrors || error.http_status == kTooManyRequests);
}

// Notes what a poll without tokens means for the next one. Returns false if there is to be none.
bool pace(PollPacing& pacing, const oidc::Error& error, const oidc::HttpResponse* response, oidc::TimePoint now) {
  const std::optional<oidc::Duration> postponed = response != nullptr ? retry_after(*response, now) : error.retry_after;
  if (error.oauth_error == "authorization_pending") {
    pacing.on_pending();
  } else if (error.oauth_error == "slow_down") {
    pacing.on_slow_down(response != nullptr ? named_interval(*response) : std::nullopt);
  } else if (is_transient(error)) {
    pacing.on_failure(postponed);
  } else {
    return false;
  }
  return true;
}

}  // namespace

PollPacing::PollPacing(oidc::Duration interval) : interval_{std::clamp(interval, kMinPollInterval, kMaxInterval)} {}

void PollPacing::on_pending() {
  backoff_ = 1;
  postponed_ = {};
}

void PollPacing::on_slow_down(std::optional<oidc::Duration> named) {
  on_pending();
  interval_ = std::min(std::max(interval_ + kSlowDownStep, named.value_or(oidc::Duration::zero())), kMaxInterval);
}

void PollPacing::on_failure(std::optional<oidc::Duration> retry_after) {
  backoff_ = std::min(2 * backoff_, kMaxBackoff);
  postponed_ = retry_after.value_or(oidc::Duration::zero());
}

oidc::Result<oidc::Json> poll_for_tokens(ClientContext& context, const oidc::Form& grant, PollPacing pacing,
                                         oidc::TimePoint expires_at) {
  oidc::Clock& clock = context.environment.clock;
  // On the monotonic clock: a wall clock that steps must not end nor prolong the login.
  const oidc::Duration deadline = clock.steady_now() + (expires_at - clock.now());
  while (true) {
    const oidc::Duration left = deadline - clock.steady_now();
    const oidc::Duration wait = pacing.next();
    if (!clock.sleep_for(std::min(wait, left), context.environment.stop)) {
      return oidc::Error{oidc::Errc::kCancelled, "the device login was cancelled"};
    }
    if (wait >= left) {
      return expired();
    }
    // Each time anew: a client assertion is good for one request.
    const oidc::Result<oidc::HttpRequest> request = context.tokens.prepare(grant, *context.login_authentication);
    if (!request) {  // the metadata could not be had, or there is no key to prove with
      if (!pace(pacing, request.error(), nullptr, clock.now())) {
        return request.error();
      }
      continue;
    }
    const oidc::Result<oidc::HttpResponse> response = context.http.send_once(*request);
    const oidc::TimePoint now = clock.now();
    oidc::Result<oidc::Json> tokens = response ? read_token_response(*request, *response, now) : response.error();
    if (tokens || !pace(pacing, tokens.error(), response ? &*response : nullptr, now)) {
      return tokens;
    }
  }
}

}  // namespace authcore
