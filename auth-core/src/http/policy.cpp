#include "http/policy.hpp"

#include <fmt/format.h>

#include "http/retry_after.hpp"
#include "http/sender.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr int kTooManyRequests = 429;
constexpr int kServiceUnavailable = 503;
constexpr int kContentTooLarge = 413;

// Queries may hold secrets; a log line needs only the place.
std::string place(const oidc::HttpRequest& request) {
  const oidc::Result<oidc::Url> url = oidc::parse_url(request.url);
  return url ? url->origin() + url->path : std::string{};
}

oidc::Error rate_limited(oidc::Duration wait, int status) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  oidc::Error error;
  error.code = oidc::Errc::kRateLimited;
  error.message = fmt::format("the server asks to wait {} s before the next request (HTTP {})", seconds, status);
  error.http_status = status;
  error.retry_after = wait;
  return error;
}

}  // namespace

bool is_throttled(const oidc::HttpResponse& response, oidc::TimePoint now) {
  const bool may_be_temporary = response.status == kServiceUnavailable || response.status == kContentTooLarge;
  return response.status == kTooManyRequests || (may_be_temporary && retry_after(response, now).has_value());
}

oidc::Result<oidc::HttpResponse> HttpPolicy::send_once(oidc::HttpRequest request) {
  if (environment_.stop.stop_requested()) {
    return oidc::Error{oidc::Errc::kCancelled, "the request was cancelled"};
  }
  request.headers.set("Accept", "application/json");
  add_sender(request.headers, environment_.sender);
  return environment_.http.send(request);
}

oidc::Result<oidc::HttpResponse> HttpPolicy::send(const oidc::HttpRequest& request) {
  oidc::Result<Exchange> exchanged = exchange(request);
  if (!exchanged) {
    return exchanged.error();
  }
  return std::move(exchanged->response);
}

oidc::Result<Exchange> HttpPolicy::exchange(const oidc::HttpRequest& request) {
  int retries = 0;
  int connect_retries = 0;
  while (true) {
    const oidc::TimePoint sent_at = environment_.clock.now();
    oidc::Result<oidc::HttpResponse> response = send_once(request);
    oidc::Duration wait{};
    if (response) {
      const oidc::TimePoint now = environment_.clock.now();
      if (!is_throttled(*response, now)) {
        return Exchange{std::move(*response), sent_at};
      }
      wait = retry_after(*response, now).value_or(policy_.first_wait * (1 << retries));
      if (wait > policy_.retry_after_cap) {
        return rate_limited(wait, response->status);
      }
      if (retries++ == policy_.max_retries) {
        return Exchange{std::move(*response), sent_at};
      }
    } else {
      const oidc::Error& error = response.error();
      if (error.code != oidc::Errc::kConnectFailed || !error.definite ||
          connect_retries == policy_.max_connect_retries) {
        return error;
      }
      wait = policy_.first_wait * (1 << connect_retries++);
    }
    const oidc::Status slept = pause(wait, request, response ? response->status : 0);
    if (!slept) {
      return slept.error();
    }
  }
}

oidc::Status HttpPolicy::pause(oidc::Duration wait, const oidc::HttpRequest& request, int status) {
  environment_.log.info("http_retry", {{"url", place(request)}, {"status", status}, {"wait_ms", wait.count()}});
  if (!environment_.clock.sleep_for(wait, environment_.stop)) {
    return oidc::Error{oidc::Errc::kCancelled, "waiting to repeat the request was cancelled"};
  }
  return oidc::Done{};
}

}  // namespace authcore
