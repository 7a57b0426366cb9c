#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "authcore/auth.hpp"
#include "authcore/system_environment.hpp"
#include "commands.hpp"
#include "oidc/result.hpp"

namespace authctl {

/// What a command works with: a client at its server, and its tokens. Ctrl-C cancels it.
class Session {
 public:
  /// Contacts nobody. Errors: `kConfig`.
  static oidc::Result<std::unique_ptr<Session>> open(Context& context);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  authcore::AuthClient& client() { return auth_->client(); }
  authcore::RequestAuthenticator& authenticator() { return auth_->request_authenticator(); }
  oidc::Clock& clock() { return system_.clock(); }
  std::stop_token stop_token() const { return system_.stop_token(); }
  /// True if a login by code needs a browser on this machine: its redirect URI leaves the port to the listener.
  bool needs_browser() const { return needs_browser_; }
  /// Where the tokens are, for people.
  const std::string& place() const { return place_; }

  /// As `Auth::logout`.
  oidc::Status log_out(bool revoke) { return auth_->logout({.revoke = revoke}); }
  /// What is stored, as it is: not renewed. Errors: `kNoCredential`; those of storage.
  oidc::Result<authcore::Credential> stored();
  /// The access token, renewed if it is due. One that is kept and was not granted all scopes of the command line is not
  /// used: a client that can logs in anew, others fail. Errors: as of `RequestAuthenticator::authorization`;
  /// `kCorruptStorage`, whatever the client can do: only a login or logout replaces what cannot be read.
  oidc::Result<authcore::Authorization> authorization();
  oidc::Result<std::string> access_token();
  /// As `Auth::userinfo`, with a token of the command line's scopes.
  oidc::Result<oidc::Json> userinfo();
  /// One refresh now, due or not, under the lock that keeps other programs from refreshing at the same time.
  /// Errors: as of `AuthClient::refresh`; those of storage, also if the new tokens could not be kept.
  oidc::Result<authcore::Credential> refresh_now();

 private:
  explicit Session(const Context& context);
  oidc::Status settle_scopes();
  oidc::Result<authcore::CredentialLocation> locate(const ClientOptions& options, const oidc::Json& config);
  /// Whether what is stored can be read with --any-owner only.
  bool any_owner_helps(ClientOptions options, const oidc::Json& config);

  struct Cancel {
    authcore::SystemEnvironment& system;
    void operator()() const { system.cancel(); }
  };

  authcore::SystemEnvironment system_;
  std::string place_;
  std::vector<std::string> scopes_;  ///< of the command line
  bool needs_browser_ = false;
  bool refreshes_without_lock_ = false;
  std::unique_ptr<authcore::Auth> auth_;  // refers to system_
  std::stop_callback<Cancel> cancel_;
};

}  // namespace authctl
