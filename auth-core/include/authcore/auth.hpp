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
  CredentialLocation location{};
  RefreshPolicy refresh{};
};

/// An authentication context: a client, an authenticator, and the place where tokens are
/// kept (planet_auth API documentation, "Auth"). Thread-safe.
class Auth {
 public:
  /// Contacts nobody; reads nothing (AUTH-002). Errors: `kConfig`.
  static oidc::Result<std::unique_ptr<Auth>> from_config(const oidc::Json& config, AuthOptions options,
                                                         Environment environment);
  /// The same around a client of one's own, with its default authenticator.
  static oidc::Result<std::unique_ptr<Auth>> from_client(std::unique_ptr<AuthClient> client, AuthOptions options,
                                                         Environment environment);

  AuthClient& client() { return *client_; }
  RequestAuthenticator& request_authenticator() { return *authenticator_; }
  const CredentialLocation& location() const { return options_.location; }

  /// A credential exists or can be had unattended. No load, no network (AUTH-008 … AUTH-011).
  bool request_authenticator_is_ready();

  /// The four documented cases (AUTH-012 … AUTH-018): an unexpired credential is held: done;
  /// unattended login possible: done, deferred to the first request; expired: one refresh;
  /// otherwise an interactive login, as far as `options` permits.
  oidc::Status ensure_request_authenticator_is_ready(const LoginOptions& options);

  /// Logs in, holds and saves the new credential (AUTH-021). If saving fails the tokens are used all the
  /// same, which the log says, and saved later (AUTH-025).
  oidc::Result<Credential> login(const LoginOptions& options);
  oidc::Result<DeviceAuthorization> device_login_initiate(const LoginOptions& options);
  oidc::Result<Credential> device_login_complete(const DeviceAuthorization& authorization);

 private:
  Auth(std::unique_ptr<AuthClient> client, AuthOptions options, Environment environment);
  oidc::Result<Credential> accept(oidc::Result<Credential> credential);

  AuthOptions options_;
  Environment environment_;
  std::unique_ptr<AuthClient> client_;
  std::unique_ptr<RequestAuthenticator> authenticator_;  // refers to client_
};

}  // namespace authcore
