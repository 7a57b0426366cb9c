#pragma once

#include <memory>
#include <string>

#include "client/client_config.hpp"
#include "http/policy.hpp"
#include "session/turn.hpp"

namespace authcore {

/// The server's metadata (OIDC Discovery §4), fetched when first needed and kept once had
/// (DISC-001 … DISC-008). Thread-safe; one fetch at a time, failures are not kept.
///
/// What is older than a day is fetched again when needed; if that fails, the old document stays, and is tried
/// anew after five minutes (W-53).
class Discovery {
 public:
  static constexpr oidc::Duration kMaxAge = std::chrono::hours{24};
  static constexpr oidc::Duration kRetryAfterFailure = std::chrono::minutes{5};

  Discovery(const ClientConfig& config, HttpPolicy& http, const Environment& environment)
      : config_{config}, http_{http}, clock_{environment.clock}, log_{environment.log}, turn_{environment.clock} {}

  /// An endpoint by its metadata name; one that is configured needs no metadata (CFG-007).
  /// Errors: `kUnsupportedByServer` naming what the metadata lacks; `kMalformedResponse`
  /// for a URL that secrets must not travel to; those of `document`.
  oidc::Result<std::string> endpoint(const std::string& name);
  /// The configured issuer, else the discovered one.
  oidc::Result<std::string> issuer();
  /// True if the metadata, as far as fetched, promises `iss` in authorization responses
  /// (RFC 9207 §3).
  bool promises_response_issuer();
  /// Errors: `kIssuerMismatch` if the metadata is another issuer's (compared exactly with
  /// auth_server, also its trailing slash, unless `issuer` is configured); those of a request and its reply.
  oidc::Result<std::shared_ptr<const oidc::Json>> document();

 private:
  oidc::Status renew();  // requires turn_
  oidc::Result<oidc::Json> fetch();

  const ClientConfig& config_;
  HttpPolicy& http_;
  oidc::Clock& clock_;
  oidc::Log log_;
  Turn turn_;                                   // held during the fetch on purpose: callers share it
  std::shared_ptr<const oidc::Json> document_;  // guarded by turn_
  oidc::Duration due_at_{};                     // guarded by turn_; steady time of the next fetch, once there is one
};

}  // namespace authcore
