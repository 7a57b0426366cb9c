#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authcore/credential.hpp"
#include "authcore/environment.hpp"
#include "authcore/refresh_policy.hpp"
#include "authcore/storage.hpp"
#include "oidc/form.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

class RequestAuthenticator;
struct DeviceAuthorization;

/// What a login may do to the user, and how it asks. Both permissions default to no: an
/// interactive client then fails with `kInteractionRequired` instead of hanging (AUTH-018).
struct LoginOptions {
  bool allow_open_browser = false;
  bool allow_tty_prompt = false;
  std::vector<std::string> scopes;  ///< empty: those of the configuration
  std::string audience;             ///< empty: that of the configuration
  oidc::Form extra;                 ///< further request parameters; never override protocol ones

  std::string username;  ///< of password logins; empty: that of the configuration, else asked for
  std::string password;  ///< as above

  /// Shows `url` to the user. Called while the listener is up; may return at once.
  std::function<oidc::Status(const std::string& url)> open_browser;
  /// Shows a line of text (the device flow's URL and code, the authorization URL if no browser may be opened).
  std::function<void(const std::string& text)> show;
  /// Shows a device login in a way of its own, such as a QR code (DEV-014); if unset, it is a line for `show`.
  std::function<void(const DeviceAuthorization& authorization)> show_device_code;
  /// Asks the user for a line, without echo if it is a secret. Needs `allow_tty_prompt`.
  std::function<oidc::Result<std::string>(const std::string& question, bool is_secret)> prompt;
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

/// What a refresh may ask for beyond the refresh token. Nothing of the configuration is added (CFG-005).
struct RefreshOptions {
  std::vector<std::string> scopes{};
  oidc::Form extra{};
  /// Called with the new tokens if the reply's ID token is yet to be verified, which may need the issuer's
  /// keys: who keeps tokens saves them now, lest a crash lose a refresh token that replaced the old one. The
  /// ID token is the old one; if the refresh then fails, they are void.
  std::function<void(const Credential& tokens)> keep_at_once{};
};

/// What an access token must be besides valid (TokenValidator.validate_token in the planet_auth API documentation).
struct AccessTokenChecks {
  std::string audience{};  ///< empty: that of the configuration (TV-022)
  std::vector<std::string> required_claims{};
  std::vector<std::string> scopes_anyof{};  ///< empty: no scope check
  /// By how much exp, nbf and iat may be missed (W-46); the configured `clock_leeway_s` if that is longer.
  oidc::Duration leeway{};
  bool require_at_jwt = false;  ///< refuse tokens that do not say they are access tokens (RFC 9068 §4; A-26)
  /// Refuse tokens that do not name their key, as planet_auth does (TV-004); false: one is checked with the issuer's
  /// only key for its algorithm, as ID tokens always are.
  bool require_kid = true;
};

/// One value of `client_type`, for people and for wizards (CFG-020).
struct ClientTypeInfo {
  struct Hint {
    std::string_view key;   ///< of the configuration
    std::string_view text;  ///< what to ask for
    bool is_secret = false;
    bool is_required = true;
  };
  std::string_view name;  ///< the `client_type` literal
  std::string_view display_name;
  std::string_view description;
  std::vector<Hint> config_hints;
};
/// All types there are, in the order of their documentation.
std::vector<ClientTypeInfo> client_type_infos();

/// One client at one authorization server. Knows no storage; that is `Auth`'s part. Thread-safe.
///
/// What a type cannot do fails with `kUnsupportedByClient` (FACT-009), which is what the functions below
/// do unless a type has better. Otherwise the errors are those of the way to the server and of its reply.
class AuthClient {
 public:
  AuthClient() = default;
  AuthClient(const AuthClient&) = delete;
  AuthClient& operator=(const AuthClient&) = delete;
  virtual ~AuthClient() = default;

  /// The `client_type` literal.
  virtual std::string_view type_name() const = 0;
  /// What its logins yield, and so what is kept for it.
  virtual CredentialKind credential_kind() const { return CredentialKind::kOidc; }

  /// Obtains a credential by the client's flow; keeps none. Errors: `kInteractionRequired` if the flow
  /// needs what `options` forbids; `kAccessDenied`, `kDeviceCodeExpired`, `kCancelled`.
  virtual oidc::Result<Credential> login(const LoginOptions& options);
  /// True if `login` needs nobody (FACT-011).
  virtual bool can_login_unattended() const { return false; }
  /// True if requests can be authenticated without any login or stored credential: a key that is
  /// configured, or no authentication at all (AUTH-010, NOOP-001).
  virtual bool has_configured_credential() const { return false; }

  /// The device flow in two halves (RFC 8628).
  virtual oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options);
  virtual oidc::Result<Credential> device_login_complete(const DeviceAuthorization& authorization);

  /// One refresh_token grant. The result keeps what the reply left out. An ID token in the reply is
  /// verified, and must be of the held one's subject and nonce (OIDC Core §12.2); while the issuer's keys
  /// cannot be had, the old one stays. Errors: `kInvalidGrant` if the server refuses the token;
  /// `kNoCredential` without any request if `current` has none (W-21); a kind of `kInvalidToken`, not
  /// definite, for an ID token that is proven wrong.
  virtual oidc::Result<Credential> refresh(const Credential& current, const RefreshOptions& options);
  oidc::Result<Credential> refresh(const Credential& current) { return refresh(current, {}); }

  /// RFC 7009. What is held or stored does not change (REV-004).
  virtual oidc::Status revoke_access_token(const std::string& token);
  virtual oidc::Status revoke_refresh_token(const std::string& token);

  /// OIDC Core §5.3: the claims about the token's user, as they come. Beside an ID token they must not be used
  /// before somebody has compared `sub`, as the next one does.
  virtual oidc::Result<oidc::Json> userinfo(const std::string& access_token);
  /// The same for a login: the claims must be about the subject of its ID token, if it has one (OIDC Core §5.3.2).
  /// Errors: also `kBadClaim` for those of somebody else or of nobody; `kMalformedToken` if the ID token cannot be
  /// read.
  oidc::Result<oidc::Json> userinfo(const Credential& login);
  /// The server's metadata.
  virtual oidc::Result<oidc::Json> oidc_discovery();
  /// `scopes_supported` of the metadata; empty if it has none (D-20).
  virtual oidc::Result<std::vector<std::string>> get_scopes();

  /// Whose tokens these are: the configured issuer, else the discovered one, remembered (TV-023).
  virtual oidc::Result<std::string> issuer();
  /// The configured audience of access tokens; "" if there is none.
  virtual std::string audience() const { return {}; }

  /// Verifies with the issuer's published keys; returns the claims. Errors: a kind of `kInvalidToken`;
  /// `kInvalidArgument` for an empty token; `kConfig` without audience.
  virtual oidc::Result<oidc::Json> validate_access_token_local(const std::string& token,
                                                               const AccessTokenChecks& checks);
  virtual oidc::Result<oidc::Json> validate_id_token_local(const std::string& token);

  /// Asks the issuer (RFC 7662); returns its reply as it is. Errors: `kIntrospectionRejected` if the token
  /// is not active; `kMalformedResponse` if `active` is no boolean.
  virtual oidc::Result<oidc::Json> validate_access_token_remote(const std::string& token);
  virtual oidc::Result<oidc::Json> validate_id_token_remote(const std::string& token);
  virtual oidc::Result<oidc::Json> validate_refresh_token_remote(const std::string& token);

  /// The authenticator that belongs to the type (FACT-013). It refers to this client.
  virtual std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation location,
                                                                              RefreshPolicy policy) = 0;

 protected:
  /// `kUnsupportedByClient`: "static_apikey has no token revocation".
  oidc::Error unsupported(std::string_view operation) const;
};

/// The client that a configuration describes: the keys are those of docs/auth-core.md, "Configure
/// a client". Errors: `kConfig`, naming the key and the nearest valid name.
oidc::Result<std::unique_ptr<AuthClient>> make_client(const oidc::Json& config, Environment environment);

}  // namespace authcore
