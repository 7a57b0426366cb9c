#pragma once

#include <memory>
#include <optional>
#include <string>

#include "authcore/authenticator.hpp"
#include "authcore/client.hpp"
#include "authcore/environment.hpp"
#include "authcore/storage.hpp"

namespace authcore {

/// How a context is set up, besides its client.
struct AuthOptions {
  /// Without a provider, but with a key: a `FileStorage`. Without a key: in memory only (AUTH-003).
  CredentialLocation location{};
  RefreshPolicy refresh{};
  /// The starting credential, instead of a stored one; null or empty: none (AUTH-005).
  oidc::Json initial_token_data{};
  std::string profile_name{};  ///< only handed back
};

struct LogoutOptions {
  bool revoke = true;  ///< tell the server too (RFC 7009), if client and server can
};

/// An authentication context: a client, an authenticator, and the place where tokens are
/// kept (planet_auth API documentation, "Auth"). Thread-safe.
class Auth {
 public:
  /// Contacts nobody; touches no storage, unless `initial_token_data` is given, which is then checked, held and
  /// saved at once (AUTH-002, AUTH-005). Errors: `kConfig`; `kInvalidArgument` for initial data that are no
  /// credential of the client's kind.
  static oidc::Result<std::unique_ptr<Auth>> from_config(const oidc::Json& config, AuthOptions options,
                                                         Environment environment);
  /// The configuration that is stored under `key` (FACT-004), by `options.location.provider` or a `FileStorage`,
  /// which then keeps the credential too (AUTH-007). Errors: those of storage; `kConfig`, naming `key`, also if
  /// the credential would be kept under the same key (W-42).
  static oidc::Result<std::unique_ptr<Auth>> from_config_file(const std::string& key, AuthOptions options,
                                                              Environment environment);
  /// The same around a client of one's own, with its default authenticator.
  static oidc::Result<std::unique_ptr<Auth>> from_client(std::unique_ptr<AuthClient> client, AuthOptions options,
                                                         Environment environment);

  AuthClient& client() { return *client_; }
  RequestAuthenticator& request_authenticator() { return *authenticator_; }
  const CredentialLocation& location() const { return options_.location; }
  const std::string& profile_name() const { return options_.profile_name; }
  /// Where the configuration was read from; "" if it was given (FACT-004).
  const std::string& config_key() const { return config_key_; }

  /// A credential exists, is configured, or can be had unattended. Whether it is still good is not asked:
  /// no load, no network (AUTH-008 … AUTH-011).
  bool request_authenticator_is_ready();

  /// The four documented cases (AUTH-012 … AUTH-018): an unexpired credential is held: done;
  /// unattended login possible: done, deferred to the first request; expired: one refresh;
  /// otherwise an interactive login, as far as `options` permits.
  oidc::Status ensure_request_authenticator_is_ready(const LoginOptions& options);

  /// Logs in, holds and saves the new credential (AUTH-021). If saving fails the tokens are used all the
  /// same, which the log says, and saved later (AUTH-025). Errors: those of the client's login;
  /// `kMalformedResponse` if it yielded nothing that requests could be sent with, `kInvalidArgument` if
  /// a credential of another kind (AUTH-022); then nothing has changed.
  oidc::Result<Credential> login(const LoginOptions& options);
  oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options);
  oidc::Result<Credential> device_login_complete(const DeviceAuthorization& authorization);

  /// The claims about who is logged in (OIDC Core §5.3), asked for with an access token that is renewed if it is due.
  /// They are about the subject of the ID token, or refused. Errors: those of `RequestAuthenticator::authorization` and
  /// of `AuthClient::userinfo`.
  oidc::Result<oidc::Json> userinfo();

  /// Ends the session: revokes the refresh and the access token, removes the stored credential and forgets
  /// the held one (W-47). A revocation that fails stops none of that. Errors: those of storage, if the stored
  /// credential may still be there; otherwise those of the revocation. In either case nothing is held any more.
  oidc::Status logout(const LogoutOptions& options = {});

 private:
  Auth(std::unique_ptr<AuthClient> client, AuthOptions options, Environment environment);
  oidc::Status start_with(const oidc::Json& data);
  oidc::Result<Credential> accept(oidc::Result<Credential> credential);
  std::optional<Credential> newest_credential();
  oidc::Status revoke(const Credential& credential);

  AuthOptions options_;
  Environment environment_;
  std::unique_ptr<AuthClient> client_;
  std::unique_ptr<RequestAuthenticator> authenticator_;  // refers to client_
  std::string config_key_;
};

}  // namespace authcore
