#include "authcore/auth.hpp"

#include <utility>

#include "authcore/file_storage.hpp"
#include "session/credential_store.hpp"

namespace authcore {

using oidc::Errc;

namespace {

/// An ID token alone cannot be sent (D-33).
bool can_be_sent_or_refreshed(const Credential& credential) {
  return credential.kind() == CredentialKind::kNone || credential.api_key() || credential.access_token() ||
         credential.refresh_token();
}

/// What is held is in use all the same, and the log has it (W-02).
bool is_done_or_unsaved(const oidc::Status& status) {
  return status || oidc::is_kind_of(status.error().code, Errc::kStorage);
}

}  // namespace

Auth::Auth(std::unique_ptr<AuthClient> client, AuthOptions options, Environment environment)
    : options_{std::move(options)}, environment_{std::move(environment)}, client_{std::move(client)} {
  options_.location = with_provider(std::move(options_.location));
  authenticator_ = client_->default_request_authenticator(options_.location, options_.refresh);
}

oidc::Result<std::unique_ptr<Auth>> Auth::from_config(const oidc::Json& config, AuthOptions options,
                                                      Environment environment) {
  auto client = make_client(config, environment);
  if (!client) {
    return std::move(client).error();
  }
  return from_client(*std::move(client), std::move(options), std::move(environment));
}

oidc::Result<std::unique_ptr<Auth>> Auth::from_client(std::unique_ptr<AuthClient> client, AuthOptions options,
                                                      Environment environment) {
  std::unique_ptr<Auth> auth{new Auth{std::move(client), std::move(options), std::move(environment)}};
  const oidc::Status started = auth->start_with(std::exchange(auth->options_.initial_token_data, nullptr));
  if (!started) {
    return started.error();
  }
  return auth;
}

oidc::Result<std::unique_ptr<Auth>> Auth::from_config_file(const std::string& key, AuthOptions options,
                                                           Environment environment) {
  if (key == options.location.key) {
    return oidc::Error{Errc::kConfig, key + ": this is the client configuration, no credential can be kept there"};
  }
  if (!options.location.provider) {
    options.location.provider = std::make_shared<FileStorage>();
  }
  const oidc::Result<oidc::Json> config = options.location.provider->load(key);
  if (!config) {
    return config.error();
  }
  auto auth = from_config(*config, std::move(options), std::move(environment));
  if (!auth) {
    oidc::Error error = std::move(auth).error();
    error.message = key + ": " + error.message;
    return error;
  }
  (*auth)->config_key_ = key;
  return auth;
}

oidc::Status Auth::start_with(const oidc::Json& data) {
  if (data.is_null() || (data.is_object() && data.empty())) {
    return oidc::Done{};
  }
  const oidc::Status updated = authenticator_->update_credential_data(data);
  return is_done_or_unsaved(updated) ? oidc::Status{oidc::Done{}} : updated;
}

bool Auth::request_authenticator_is_ready() {
  return authenticator_->is_initialized() || client_->has_configured_credential() || client_->can_login_unattended();
}

oidc::Status Auth::ensure_request_authenticator_is_ready(const LoginOptions& options) {
  auto held = authenticator_->credential();
  if (!held && held.error().code != Errc::kCorruptStorage) {
    return held.error();
  }
  if (!held) {
    environment_.log.warning("credential.unusable", {{"error", held.error().message}});
    held = std::optional<Credential>{};
  }
  const bool has_one = held->has_value() && can_be_sent_or_refreshed(**held);
  if (has_one && !(*held)->is_expired(environment_.clock.now())) {
    return oidc::Done{};
  }
  if (client_->can_login_unattended()) {
    return oidc::Done{};
  }
  if (has_one) {
    const auto token = authenticator_->access_token();
    if (token) {
      return oidc::Done{};
    }
    environment_.log.warning("credential.not_renewed", {{"error", oidc::to_string(token.error().code)}});
  }
  const auto credential = login(options);
  if (!credential) {
    return credential.error();
  }
  return oidc::Done{};
}

oidc::Result<Credential> Auth::login(const LoginOptions& options) {
  return accept(client_->login(options));
}

oidc::Result<DeviceAuthorization> Auth::device_login_initiate(const LoginOptions& options) {
  return client_->device_login_initiate(options);
}

oidc::Result<Credential> Auth::device_login_complete(const DeviceAuthorization& authorization) {
  return accept(client_->device_login_complete(authorization));
}

/// Tokens that could not be saved are in use all the same, and saved later (W-02).
oidc::Result<Credential> Auth::accept(oidc::Result<Credential> credential) {
  if (!credential) {
    return credential;
  }
  if (credential->kind() != client_->credential_kind()) {
    return oidc::Error{Errc::kInvalidArgument, "the login yielded a credential of another kind than the client's"};
  }
  if (!can_be_sent_or_refreshed(*credential)) {
    return oidc::Error{Errc::kMalformedResponse, "the login yielded nothing that requests could be sent with"};
  }
  const oidc::Status accepted = authenticator_->accept_login(*credential);
  if (!is_done_or_unsaved(accepted)) {
    return accepted.error();
  }
  return credential;
}

oidc::Result<oidc::Json> Auth::userinfo() {
  const auto authorization = authenticator_->authorization();
  if (!authorization) {
    return authorization.error();
  }
  const auto held = authenticator_->credential();
  if (!held) {
    return held.error();
  }
  if (!*held) {
    return oidc::Error{Errc::kNoCredential, "the session was ended: log in again"};
  }
  return client_->userinfo(**held);
}

oidc::Status Auth::logout(const LogoutOptions& options) {
  oidc::Status revoked = oidc::Done{};
  if (options.revoke) {
    if (const auto credential = newest_credential()) {
      revoked = revoke(*credential);
    }
  }
  const oidc::Status forgotten = authenticator_->forget();
  return forgotten ? revoked : forgotten;
}

/// Another process may have renewed what is held here and stored that: the old tokens are worth nothing then.
std::optional<Credential> Auth::newest_credential() {
  const auto held = authenticator_->credential();
  std::optional<Credential> newest = held ? *held : std::nullopt;
  const CredentialLocation& place = options_.location;
  if (!place.provider || place.key.empty()) {
    return newest;
  }
  const auto object = place.provider->load(place.key);
  if (object) {
    auto stored = Credential::from_json(client_->credential_kind(), *object, environment_.clock.now());
    if (stored && (!newest || stored->issued_at() > newest->issued_at())) {
      newest = *std::move(stored);
    }
  }
  return newest;
}

/// The refresh token first: it is the one that lasts, and servers end its access tokens with it (RFC 7009 §2.1).
oidc::Status Auth::revoke(const Credential& credential) {
  using Revoke = oidc::Status (AuthClient::*)(const std::string&);
  const std::pair<std::optional<std::string>, Revoke> steps[] = {
      {credential.refresh_token(), &AuthClient::revoke_refresh_token},
      {credential.access_token(), &AuthClient::revoke_access_token}};
  oidc::Status first_failure = oidc::Done{};
  for (const auto& [token, revoke_token] : steps) {
    const oidc::Status revoked = token ? ((*client_).*revoke_token)(*token) : oidc::Status{oidc::Done{}};
    if (revoked) {
      continue;
    }
    const Errc code = revoked.error().code;
    environment_.log.warning("logout.not_revoked", {{"error", oidc::to_string(code)}});
    if (first_failure && code != Errc::kUnsupportedByClient && code != Errc::kUnsupportedByServer) {
      first_failure = revoked;
    }
  }
  return first_failure;
}

}  // namespace authcore
