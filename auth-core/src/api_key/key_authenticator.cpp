#include "api_key/key_authenticator.hpp"

#include <mutex>
#include <utility>

#include "http/header_token.hpp"

namespace authcore {

using oidc::Errc;
using oidc::Error;

namespace {

bool fits_into_a_header(const Credential& credential) {
  return is_header_token(credential.api_key().value_or("")) && is_header_token(credential.token_prefix());
}

}  // namespace

KeyAuthenticator::KeyAuthenticator(CredentialKind kind, std::optional<Credential> configured, Environment environment,
                                   CredentialLocation location, Reading reading)
    : kind_{kind},
      configured_{std::move(configured)},
      environment_{std::move(environment)},
      reading_{reading},
      turn_{environment_.clock},
      store_{kind, std::move(location)},
      held_{configured_} {}

oidc::Result<Authorization> KeyAuthenticator::authorization() {
  const std::scoped_lock turn{turn_};
  if (const auto read = catch_up(); !read) {
    return read.error();
  }
  if (is_unsaved_ && !saves_.must_wait(environment_.clock.steady_now())) {
    (void)save();
  }
  if (!held_) {
    return Error{Errc::kNoCredential, "there is no API key, neither configured nor stored"};
  }
  if (!fits_into_a_header(*held_)) {
    return Error{Errc::kCorruptStorage, "the stored API key or its prefix has characters that no header may hold"};
  }
  return Authorization{held_->token_prefix(), held_->api_key().value_or(""), environment_.sender.planet_app};
}

bool KeyAuthenticator::is_initialized() {
  const std::scoped_lock turn{turn_};
  return held_.has_value() || store_.exists();
}

oidc::Result<std::optional<Credential>> KeyAuthenticator::credential() {
  const std::scoped_lock turn{turn_};
  if (const auto read = catch_up(); !read) {
    return read.error();
  }
  return held_;
}

oidc::Status KeyAuthenticator::update_credential(Credential credential) {
  if (credential.kind() != kind_) {
    return Error{Errc::kInvalidArgument,
                 "a credential of kind " + std::string{to_string(kind_)} + " is expected here, and no other"};
  }
  if (!fits_into_a_header(credential)) {
    return Error{Errc::kInvalidArgument, "the API key or its prefix has characters that no header may hold"};
  }
  const std::scoped_lock turn{turn_};
  held_ = std::move(credential);
  could_not_read_ = false;
  saves_.succeeded();
  return store_.is_persistent() ? save() : oidc::Status{oidc::Done{}};
}

oidc::Status KeyAuthenticator::update_credential_data(const oidc::Json& data) {
  auto credential = Credential::from_json(kind_, data, environment_.clock.now());
  return credential ? update_credential(*std::move(credential)) : oidc::Status{std::move(credential).error()};
}

oidc::Status KeyAuthenticator::forget() {
  const std::scoped_lock turn{turn_};
  held_ = configured_;
  could_not_read_ = false;
  is_unsaved_ = false;
  return store_.is_persistent() ? store_.remove() : oidc::Status{oidc::Done{}};
}

bool KeyAuthenticator::is_reading_due() const {
  if (configured_ || is_unsaved_ || !store_.is_persistent()) {
    return false;
  }
  if (!held_ || could_not_read_) {
    return true;
  }
  return reading_ == Reading::kWheneverItChanged && store_.look() != CredentialStore::Change::kNone;
}

oidc::Status KeyAuthenticator::catch_up() {
  if (!is_reading_due()) {
    return oidc::Done{};
  }
  auto loaded = store_.load(environment_.clock.now());
  could_not_read_ = !loaded;
  if (!loaded) {
    return std::move(loaded).error();
  }
  held_ = *std::move(loaded);
  return oidc::Done{};
}

/// What could not be saved is used all the same, and saved later (W-02).
oidc::Status KeyAuthenticator::save() {
  const oidc::Status saved = store_.save(*held_);
  is_unsaved_ = !saved;
  if (saved) {
    saves_.succeeded();
    return saved;
  }
  environment_.log.warning("storage.save_failed", {{"error", saved.error().message}});
  saves_.failed(saved.error(), environment_.clock.steady_now());
  return saved;
}

}  // namespace authcore
