#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What a credential is made of, and so which rules its JSON object must keep (CRED-014, CRED-019, CRED-020).
enum class CredentialKind {
  kOidc,          ///< a token response: access, ID and refresh token
  kApiKey,        ///< a static key: `api_key` and `bearer_token_prefix`
  kPlanetLegacy,  ///< `key`, and optionally the `jwt` it was read from
  kNone,          ///< of the no-op client: empty, never stored
};
std::string_view to_string(CredentialKind kind);

/// What a request is authenticated with, as a JSON object that can be stored. A value.
///
/// Of an OIDC login: the token response as received (RFC 6749 §5.1) plus `_iat` and `_exp`, its
/// issue and expiry times in epoch seconds (CRED-001 … CRED-018). Other kinds never expire.
class Credential {
 public:
  /// Takes an object that was stored or given, at `now`.
  ///
  /// For kOidc `_iat` and `_exp` are filled in. Issue time: the access token's own `iat` if it is a
  /// JWT, else `_iat`, else `now`. Expiry: the access token's `exp`, else `_exp`, else issue time +
  /// `expires_in`, else none. Numeric strings count as numbers, garbage as absent (W-14); absurd
  /// values are clamped. Errors: `kInvalidArgument`, naming the member, for what the kind forbids.
  static oidc::Result<Credential> from_json(CredentialKind kind, const oidc::Json& object, oidc::TimePoint now);

  /// Takes a token response obtained at `now`: as above, but `_iat` and `_exp` are ours, so those
  /// that a server sends are ignored.
  static oidc::Result<Credential> from_response(const oidc::Json& response, oidc::TimePoint now);

  /// A static key that was given literally (CRED-019). Errors: `kInvalidArgument` if either is empty.
  static oidc::Result<Credential> from_api_key(const std::string& key, const std::string& prefix = "Bearer");

  /// The no-op client's.
  static Credential none();

  /// The credential after a refresh: `response` over this one. The refresh token, ID token
  /// and scope of the old one stay if the response has none (RFC 6749 §6, W-01); times are
  /// computed afresh. Errors as above.
  oidc::Result<Credential> refreshed_with(const oidc::Json& response, oidc::TimePoint now) const;

  CredentialKind kind() const { return kind_; }

  // Never logged. nullopt if absent or empty.
  std::optional<std::string> access_token() const;
  std::optional<std::string> refresh_token() const;
  std::optional<std::string> id_token() const;
  std::optional<std::string> api_key() const;  ///< of kApiKey (`api_key`) and kPlanetLegacy (`key`)
  std::optional<std::string> legacy_jwt() const;

  /// What goes before the token in the Authorization header: "Bearer", a static key's own prefix, or "api-key".
  std::string token_prefix() const;

  std::optional<oidc::TimePoint> issued_at() const { return issued_at_; }
  /// nullopt: never expires.
  std::optional<oidc::TimePoint> expires_at() const { return expires_at_; }
  bool is_expiring() const { return expires_at_.has_value(); }
  /// Inclusive: expired at `now == expires_at` (CRED-005).
  bool is_expired(oidc::TimePoint now) const { return expires_at_ && *expires_at_ <= now; }

  /// The response's `expires_in`; nullopt if absent.
  std::optional<oidc::Duration> expires_in() const;

  /// What is stored: without top-level nulls (STOR-005).
  const oidc::Json& json() const { return json_; }

 private:
  explicit Credential(CredentialKind kind) : kind_{kind} {}
  void set_times(oidc::TimePoint now);

  CredentialKind kind_;
  oidc::Json json_ = oidc::Json::object();
  std::optional<oidc::TimePoint> issued_at_;
  std::optional<oidc::TimePoint> expires_at_;
};

}  // namespace authcore
