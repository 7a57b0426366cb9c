#include "authcore/auth.hpp"

#include <utility>

namespace authcore {

using oidc::Errc;

namespace {

/// An ID token alone cannot be sent (D-33).
bool can_be_sent_or_refreshed(const Credential& credential) {
  return credential.access_token() || credential.refresh_token();
}

}  // namespace

Auth::Auth(std::unique_ptr<AuthClient> client, AuthOptions options, Environment environment)
    : options_{std::move(options)},
      environment_{std::move(environment)},
      client_{std::move(client)},
      authenticator_{client_->default_request_authenticator(options_.location, options_.refresh)} {}

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
  return std::unique_ptr<Auth>{new Auth{std::move(client), std::move(options), std::move(environment)}};
}

bool Auth::request_authenticator_is_ready() {
  return authenticator_->is_initialized() || client_->can_login_unattended();
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
  if (credential) {
    (void)authenticator_->accept_login(*credential);
  }
  return credential;
}

}  // namespace authcore
