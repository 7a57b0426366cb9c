#pragma once

#include <optional>
#include <string>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The tokens of one login: the token response as received (RFC 6749 §5.1) plus `_iat` and
/// `_exp`, its issue and expiry times in epoch seconds (CRED-001 … CRED-018). A value.
class OidcCredential {
 public:
  /// Takes a stored object, loaded at `now`; fills `_iat` and `_exp`.
  /// Issue time: the access token's own `iat` if it is a JWT, else `_iat`, else `now`. Expiry:
  /// the access token's `exp`, else `_exp`, else issue time + `expires_in`, else none.
  /// Numeric strings count as numbers, garbage as absent (W-14); absurd values are clamped.
  /// Errors: `kInvalidArgument` for what is no object or holds no access, ID or refresh token.
  static oidc::Result<OidcCredential> from_json(const oidc::Json& object, oidc::TimePoint now);

  /// Takes a token response obtained at `now`: as above, but `_iat` and `_exp` are ours, so those
  /// that a server sends are ignored.
  static oidc::Result<OidcCredential> from_response(const oidc::Json& response, oidc::TimePoint now);

  /// The credential after a refresh: `response` over this one. The refresh token, ID token
  /// and scope of the old one stay if the response has none (RFC 6749 §6, W-01); times are
  /// computed afresh. Errors as above.
  oidc::Result<OidcCredential> refreshed_with(const oidc::Json& response, oidc::TimePoint now) const;

  /// Never logged. nullopt if absent.
  std::optional<std::string> access_token() const;
  std::optional<std::string> refresh_token() const;
  std::optional<std::string> id_token() const;

  std::optional<oidc::TimePoint> issued_at() const { return issued_at_; }
  /// nullopt: never expires.
  std::optional<oidc::TimePoint> expires_at() const { return expires_at_; }
  /// Inclusive: expired at `now == expires_at` (CRED-005).
  bool is_expired(oidc::TimePoint now) const { return expires_at_ && *expires_at_ <= now; }

  /// The response's `expires_in`; nullopt if absent.
  std::optional<oidc::Duration> expires_in() const;

  /// What is stored: without top-level nulls (STOR-005).
  const oidc::Json& json() const { return json_; }

 private:
  OidcCredential() = default;
  void set_times(oidc::TimePoint now);

  oidc::Json json_;
  std::optional<oidc::TimePoint> issued_at_;
  std::optional<oidc::TimePoint> expires_at_;
};

}  // namespace authcore
