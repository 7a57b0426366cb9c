#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "authcore/client.hpp"
#include "authcore/credential.hpp"
#include "authcore/environment.hpp"
#include "authcore/refresh_policy.hpp"
#include "authcore/storage.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace authcore {

/// What goes into the headers of an application's requests. Never logged.
struct Authorization {
  std::string prefix = "Bearer";  ///< "": the token stands alone
  std::string token;              ///< "": requests go out without the header (no-op client)
  std::string planet_app{};       ///< X-Planet-App; "": requests go out without it

  std::string header_value() const { return prefix.empty() ? token : prefix + " " + token; }
  /// Sets the Authorization header, also over one that is there (RA-004), unless there is no token
  /// (RA-003), and X-Planet-App, if there is a name for it, unless the application has set its own (RA-005).
  void apply_to(oidc::HttpRequest& request) const;
};

/// Decorates requests with the current credential. Thread-safe.
class RequestAuthenticator {
 public:
  RequestAuthenticator() = default;
  RequestAuthenticator(const RequestAuthenticator&) = delete;
  RequestAuthenticator& operator=(const RequestAuthenticator&) = delete;
  virtual ~RequestAuthenticator() = default;

  /// What to send now, refreshed if that is due. Never asks the user (RA-012). Errors: `kNoCredential`;
  /// once the token is past its expiry and cannot be renewed, the reason why.
  virtual oidc::Result<Authorization> authorization() = 0;
  /// The token alone.
  oidc::Result<std::string> access_token();
  /// "Bearer <token>", for any HTTP client.
  oidc::Result<std::string> authorization_header();
  /// Decorates `request` as `Authorization::apply_to` says. On errors it is left as it was.
  oidc::Status authenticate(oidc::HttpRequest& request);
  /// For an API that answered 401: an authorization with another token than `refused`, which is renewed
  /// for that, once a minute at most. Errors: as `authorization()`; `kReauthRequired` if there is no other.
  virtual oidc::Result<Authorization> authorization_instead_of(const Authorization& refused);

  /// A credential is held in memory or exists in storage; storage is probed, not read (RA-007).
  virtual bool is_initialized() = 0;
  /// The credential held now, after a lazy load; nullopt if there is none. Renews nothing.
  virtual oidc::Result<std::optional<Credential>> credential() = 0;
  /// The same; with `refresh_if_needed`, once the rule of `authorization()` has run (RA-009). Errors: also its own.
  oidc::Result<std::optional<Credential>> credential(bool refresh_if_needed);
  /// Replaces the credential: it is held first, then saved. If saving fails it is
  /// still used and the save is tried again later (W-02). Errors: `kInvalidArgument` for a credential of
  /// another kind; those of storage.
  virtual oidc::Status update_credential(Credential credential) = 0;
  /// As above, for a credential's JSON object: checked first, then taken as newer than what is stored (RA-011).
  /// Errors: also `kInvalidArgument` for what is no such credential; then nothing has changed.
  virtual oidc::Status update_credential_data(const oidc::Json& data) = 0;
  /// As above, for a credential that the server issued a moment ago: it is trusted to be fresh
  /// although its times may look wrong because the two clocks differ.
  virtual oidc::Status accept_login(Credential credential) { return update_credential(std::move(credential)); }
  /// Ends the session: what is held is dropped, what is stored is removed. Errors: those of storage; then
  /// nothing is held any more all the same.
  virtual oidc::Status forget() = 0;
};

/// Refreshes with the refresh token (RFR-001 … RFR-020). Single flight within the process;
/// across processes: lock, reload, test again, refresh, save.
std::unique_ptr<RequestAuthenticator> make_refreshing_authenticator(AuthClient& client, Environment environment,
                                                                    CredentialLocation location,
                                                                    RefreshPolicy policy = {});
/// As above; without a refresh token, or once it is refused, logs in again unattended
/// (RLG-001 … RLG-007).
std::unique_ptr<RequestAuthenticator> make_refresh_or_relogin_authenticator(AuthClient& client, Environment environment,
                                                                            CredentialLocation location,
                                                                            RefreshPolicy policy = {});

/// For clients that cannot authenticate requests: each attempt fails with `kUnsupportedByClient` and
/// `reason`, and nothing is ever held (RA-013).
std::unique_ptr<RequestAuthenticator> make_forbidden_authenticator(std::string reason);

}  // namespace authcore
