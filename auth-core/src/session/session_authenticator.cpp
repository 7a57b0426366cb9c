#include "session/session_authenticator.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace authcore {

using oidc::Errc;
using oidc::Error;

SessionAuthenticator::SessionAuthenticator(AuthClient& client, Environment environment, CredentialLocation location,
                                           RefreshPolicy policy, Relogin relogin)
    : client_{client},
      environment_{std::move(environment)},
      policy_{policy},
      relogin_{relogin},
      turn_{environment_.clock},
      store_{std::move(location)},
      renewals_{policy_},
      saves_{policy_} {}

oidc::Result<Authorization> SessionAuthenticator::authorization() {
  if (auto token = cell_.find(read(environment_.clock))) {
    return Authorization{"Bearer", *std::move(token)};
  }
  const std::scoped_lock turn{turn_};
  if (auto token = cell_.find(read(environment_.clock))) {
    return Authorization{"Bearer", *std::move(token)};  // from whoever had the turn before
  }
  auto token = token_in_turn();
  if (!token) {
    return std::move(token).error();
  }
  return Authorization{"Bearer", *std::move(token)};
}

bool SessionAuthenticator::is_initialized() {
  return is_holding_ || store_.exists();
}

oidc::Result<std::optional<Credential>> SessionAuthenticator::credential() {
  const std::scoped_lock turn{turn_};
  const auto loaded = load_if_needed();
  if (!loaded) {
    return loaded.error();
  }
  return held_ ? std::optional{held_->credential} : std::nullopt;
}

oidc::Status SessionAuthenticator::update_credential(Credential credential) {
  const std::scoped_lock turn{turn_};
  const Validity validity = validity_of(credential, policy_.lifetime_ratio, read(environment_.clock));
  return replace(std::move(credential), validity);
}

oidc::Status SessionAuthenticator::accept_login(Credential credential) {
  const std::scoped_lock turn{turn_};
  const Validity validity = validity_when_issued(credential, policy_.lifetime_ratio, read(environment_.clock));
  return replace(std::move(credential), validity);
}

oidc::Status SessionAuthenticator::forget() {
  const std::scoped_lock turn{turn_};
  end_session("logout");
  return store_.is_persistent() ? store_.remove() : oidc::Status{oidc::Done{}};
}

oidc::Status SessionAuthenticator::replace(Credential credential, Validity validity) {
  hold(std::move(credential), validity);
  refused_token_.clear();
  if (!store_.is_persistent()) {
    return oidc::Done{};
  }
  is_unsaved_ = true;
  // Without the lock a save is still whole; a login must not be lost to somebody who holds it for ever.
  const auto lock = lock_storage();
  return save_now();
}

bool SessionAuthenticator::is_due(const Now& now) const {
  return !held_ || !held_->credential.access_token() || held_->validity.due.reached(now);
}

bool SessionAuthenticator::is_usable(const Now& now) const {
  return held_ && held_->credential.access_token() && !held_->validity.expires.reached(now);
}

bool SessionAuthenticator::can_log_in() const {
  return relogin_ == Relogin::kAllowed && client_.can_login_unattended();
}

void SessionAuthenticator::hold(Credential credential, Validity validity) {
  is_holding_ = credential.access_token() || credential.refresh_token();
  held_ = Held{std::move(credential), validity};
  renewals_.succeeded();
  doubtful_token_.clear();
  cell_.clear();
}

/// A logout, of ours or by deleting the stored object (W-20).
void SessionAuthenticator::end_session(const char* reason) {
  environment_.log.info("session.ended", {{"reason", reason}});
  is_holding_ = false;
  is_unsaved_ = false;
  held_.reset();
  renewals_.succeeded();
  cell_.clear();
}

/// The held token, which must be usable. Callers find it in the cell until something is to be done.
std::string SessionAuthenticator::hand_out(const Now& now) {
  Deadline until = is_due(now) ? held_->validity.expires : held_->validity.due;
  if (is_due(now)) {
    until.steady = std::min(until.steady, renewals_.next_attempt());
  }
  if (is_unsaved_) {
    until.steady = std::min(until.steady, saves_.next_attempt());
  }
  std::string token = *held_->credential.access_token();
  cell_.put(token, until);
  return token;
}

oidc::Result<std::string> SessionAuthenticator::token_in_turn() {
  if (const auto loaded = load_if_needed(); !loaded) {
    if (loaded.error().code != Errc::kCorruptStorage || !can_log_in()) {
      return loaded.error();
    }
    environment_.log.warning("storage.corrupt", {{"error", loaded.error().message}});
  }
  if (is_unsaved_) {
    save_what_is_unsaved();
  }
  const Now before = read(environment_.clock);
  if (!is_due(before)) {
    return hand_out(before);
  }
  const auto renewed = renew();
  const Now after = read(environment_.clock);
  if (is_usable(after)) {
    return hand_out(after);
  }
  return renewed ? Error{Errc::kTokenExpired, "the token was already expired when it was obtained"} : renewed.error();
}

}  // namespace authcore
