#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authcore/credential.hpp"
#include "authcore/environment.hpp"
#include "oidc/form.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What a login may do to the user, and how it asks. Both permissions default to no: an
/// interactive client then fails with `kInteractionRequired` instead of hanging (AUTH-018).
struct LoginOptions {
  bool allow_open_browser = false;
  bool allow_tty_prompt = false;
  std::vector<std::string> scopes;  ///< empty: those of the configuration
  std::string audience;             ///< empty: that of the configuration
  oidc::Form extra;                 ///< further request parameters; never override protocol ones

  /// Shows `url` to the user. Called while the listener is up; may return at once.
  std::function<oidc::Status(const std::string& url)> open_browser;
  /// Shows a line of text (the device flow's URL and code).
  std::function<void(const std::string& text)> show;
};

/// What `device_login_initiate` got (RFC 8628 §3.2), for display, to be passed back.
struct DeviceAuthorization {
  oidc::Json response;  ///< as received
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  ///< "" if absent
  oidc::Duration interval{};              ///< at least 1 s; 5 s if the server named none
  oidc::TimePoint expires_at;             ///< counted from the request (W-28)
};

/// One client at one authorization server: a flow composed with a client authentication.
/// Knows no storage; that is `Auth`'s part. Thread-safe.
class AuthClient {
 public:
  AuthClient() = default;
  AuthClient(const AuthClient&) = delete;
  AuthClient& operator=(const AuthClient&) = delete;
  virtual ~AuthClient() = default;

  /// Obtains tokens by the client's flow. Errors: `kInteractionRequired` if the flow needs
  /// what `options` forbids; `kAccessDenied`, `kDeviceCodeExpired`, `kCancelled`; whatever the way
  /// to the server or its reply can be.
  virtual oidc::Result<OidcCredential> login(const LoginOptions& options) = 0;
  /// True if `login` needs nobody: client credentials.
  virtual bool can_login_unattended() const = 0;

  /// The device flow in two halves. Errors: `kUnsupportedByServer` for other flows.
  virtual oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options) = 0;
  virtual oidc::Result<OidcCredential> device_login_complete(const DeviceAuthorization& authorization) = 0;

  /// One refresh_token grant, without scope (CFG-005, RFR-007). The result keeps what the reply
  /// left out. An ID token in the reply is verified, and must be about the held one's subject (OIDC
  /// Core §12.2); while the issuer's keys cannot be had, the old one stays. Errors: `kInvalidGrant` if
  /// the server refuses the token; `kNoCredential` without any request if `current` has none (W-21);
  /// a kind of `kInvalidToken`, not definite, for an ID token that is proven wrong.
  virtual oidc::Result<OidcCredential> refresh(const OidcCredential& current) = 0;

  /// Verifies an access token with the issuer's published keys; returns its claims.
  virtual oidc::Result<oidc::Json> validate_access_token_local(const std::string& token,
                                                               const std::vector<std::string>& scopes_anyof) = 0;
  virtual oidc::Result<oidc::Json> validate_id_token_local(const std::string& token) = 0;
};

/// The client that a configuration describes: `client_type` and its keys as in
/// planet_auth_behaviours.md §2.2. Errors: `kConfig`, naming the key and the nearest valid name.
oidc::Result<std::unique_ptr<AuthClient>> make_client(const oidc::Json& config, Environment environment);

}  // namespace authcore
