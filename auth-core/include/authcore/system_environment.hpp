#pragma once

#include <stop_token>

#include "authcore/environment.hpp"
#include "oidc/clock.hpp"
#include "oidc/http_client.hpp"
#include "oidc/log.hpp"
#include "oidc/random.hpp"

namespace authcore {

struct SystemOptions {
  /// Timeouts, trust anchors, and the proxies that the environment names now. The user agent is `sender`'s.
  oidc::HttpClientOptions http{.proxies = oidc::proxies_from_environment()};
  oidc::Log::Sink log{};  ///< unset: nothing is logged
  Sender sender{};
};

/// The real machine: its clock, OpenSSL's random numbers, HTTP over sockets. Keep it alive as long as what is
/// built with it. Thread-safe.
///
///     authcore::SystemEnvironment system;
///     auto auth = authcore::Auth::from_config(config, {}, system.environment());
class SystemEnvironment {
 public:
  explicit SystemEnvironment(SystemOptions options = {});
  SystemEnvironment(const SystemEnvironment&) = delete;
  SystemEnvironment& operator=(const SystemEnvironment&) = delete;

  /// Refers to this object.
  Environment environment() { return {clock_, random_, http_, log_, stop_.get_token(), sender_}; }

  /// Ends polling, listening and waiting of all that was built with `environment()`, for good: they fail with
  /// `kCancelled`. An exchange under way is completed first, so that no new token is lost. Not for signal handlers.
  void cancel() { stop_.request_stop(); }
  /// Requested by `cancel`.
  std::stop_token stop_token() const { return stop_.get_token(); }

  oidc::Clock& clock() { return clock_; }
  oidc::HttpTransport& http() { return http_; }

 private:
  oidc::SystemClock clock_;
  oidc::SystemRandom random_;
  oidc::HttpClient http_;
  oidc::Log log_;
  Sender sender_;
  std::stop_source stop_;
};

}  // namespace authcore
