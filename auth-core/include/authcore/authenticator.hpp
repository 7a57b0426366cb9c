#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "authcore/client.hpp"
#include "authcore/credential.hpp"
#include "authcore/environment.hpp"
#include "authcore/storage.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// Decorates requests with the current credential. Thread-safe.
class RequestAuthenticator {
 public:
  RequestAuthenticator() = default;
  RequestAuthenticator(const RequestAuthenticator&) = delete;
  RequestAuthenticator& operator=(const RequestAuthenticator&) = delete;
  virtual ~RequestAuthenticator() = default;

  /// The token to send now, refreshed if that is due. Errors: `kNoCredential`; once the
  /// token is past its expiry and cannot be renewed, the reason why.
  virtual oidc::Result<std::string> access_token() = 0;
  /// "Bearer <token>".
  oidc::Result<std::string> authorization_header();
  /// Sets the Authorization header of `request`.
  oidc::Status authenticate(oidc::HttpRequest& request);

  /// A credential is held in memory or exists in storage; storage is probed, not read (RA-007).
  virtual bool is_initialized() = 0;
  /// The credential held now, after a lazy load; nullopt if there is none.
  virtual oidc::Result<std::optional<OidcCredential>> credential() = 0;
  /// Replaces the credential: it is held first, then saved. If saving fails the tokens are
  /// still used and the save is tried again later (W-02).
  virtual oidc::Status update_credential(OidcCredential credential) = 0;
  /// As above, for a credential that the server issued a moment ago: it is trusted to be fresh
  /// although its times may look wrong because the two clocks differ.
  virtual oidc::Status accept_login(OidcCredential credential) { return update_credential(std::move(credential)); }
};

/// When a token is renewed and how failures are paced.
struct RefreshPolicy {
  double lifetime_ratio = 0.75;                            ///< due after this part of the lifetime (RFR-002)
  oidc::Duration first_backoff = std::chrono::seconds{1};  ///< after a failed refresh, while the old token lasts (W-08)
  oidc::Duration max_backoff = std::chrono::seconds{60};
  oidc::Duration lock_timeout = std::chrono::seconds{90};  ///< longer than one whole HTTP exchange
};

/// Where a credential is kept. `key` "" means in memory only (AUTH-003).
struct CredentialLocation {
  std::shared_ptr<ObjectStorageProvider> provider;
  std::string key;
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

}  // namespace authcore
