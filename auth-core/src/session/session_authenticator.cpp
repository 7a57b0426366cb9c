#include "session/session_authenticator.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace authcore {

using oidc::Errc;
using oidc::Error;

namespace {

/// An API that refuses whatever it gets must not cost a refresh per request (RFR-020).
constexpr oidc::Duration kPauseBetweenForced = std::chrono::minutes{1};

/// A server that issues nothing but expired tokens must not cost a refresh per call (EXP-06).
constexpr oidc::Duration kPauseAfterExpired = std::chrono::seconds{10};

Error was_issued_expired() {
  return {Errc::kTokenExpired, "the token was already expired when it was obtained"};
}

Error is_no_token_credential() {
  return {Errc::kInvalidArgument, "only a credential of an OIDC login can be used here"};
}

}  // namespace

SessionAuthenticator::SessionAuthenticator(AuthClient& client, Environment environment, CredentialLocation location,
                                           RefreshPolicy policy, Relogin relogin)
    : client_{client},
      environment_{std::move(environment)},
      policy_{policy},
      relogin_{relogin},
      turn_{environment_.clock},
      store_{CredentialKind::kOidc, std::move(location)},
      renewals_{policy_},
      saves_{policy_} {}

oidc::Result<Authorization> SessionAuthenticator::authorization() {
  if (auto token = cell_.find(read(environment_.clock))) {
    return Authorization{"Bearer", *std::move(token), environment_.sender.planet_app};
  }
  const std::scoped_lock turn{turn_};
  if (auto token = cell_.find(read(environment_.clock))) {
    // From whoever had the turn before.
    return Authorization{"Bearer", *std::move(token), environment_.sender.planet_app};
  }
  auto token = token_in_turn();
  if (!token) {
    return std::move(token).error();
  }
  return Authorization{"Bearer", *std::move(token), environment_.sender.planet_app};
}

oidc::Result<Authorization> SessionAuthenticator::authorization_instead_of(const Authorization& refused) {
  const std::scoped_lock turn{turn_};
  (void)load_if_needed();  // a failure shows below
  if (held_ && held_->credential.access_token() == refused.token) {
    const oidc::Duration now = environment_.clock.steady_now();
    if (last_forced_ && now - *last_forced_ < kPauseBetweenForced) {
      return Error{Errc::kReauthRequired, "the API refused a token that was renewed because it refused another"};
    }
    last_forced_ = now;
    held_->was_refused_by_api = true;
    cell_.clear();
  }
  auto token = token_in_turn();
  if (!token) {
    return std::move(token).error();
  }
  if (*token == refused.token) {
    return Error{Errc::kReauthRequired, "the API refused the token, and it could not be renewed"};
  }
  return Authorization{"Bearer", *std::move(token), environment_.sender.planet_app};
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
  if (credential.kind() != CredentialKind::kOidc) {
    return is_no_token_credential();
  }
  const std::scoped_lock turn{turn_};
  const Validity validity = validity_of(credential, due_rule(), read(environment_.clock));
  return replace(std::move(credential), validity);
}

oidc::Status SessionAuthenticator::update_credential_data(const oidc::Json& data) {
  auto credential = Credential::from_json(CredentialKind::kOidc, data, environment_.clock.now());
  return credential ? update_credential(*std::move(credential)) : oidc::Status{std::move(credential).error()};
}

oidc::Status SessionAuthenticator::accept_login(Credential credential) {
  if (credential.kind() != CredentialKind::kOidc) {
    return is_no_token_credential();
  }
  const std::scoped_lock turn{turn_};
  const Validity validity = validity_when_issued(credential, due_rule(), read(environment_.clock));
  return replace(std::move(credential), validity);
}

oidc::Status SessionAuthenticator::forget() {
  const std::scoped_lock turn{turn_};
  end_session(EndOfSession::kLogout);
  if (!store_.is_persistent()) {
    return oidc::Done{};
  }
  // Whoever refreshes elsewhere saves before we remove, or sees that we did. A lock that cannot be had
  // must not keep anybody logged in.
  const auto lock = lock_storage();
  return store_.remove();
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
  const auto saved = save_now();
  if (!saved) {
    store_.disregard();  // an older object, or the end of an older session, is no reason to drop this one
  }
  return saved;
}

/// For one token: each call draws anew.
DueRule SessionAuthenticator::due_rule() {
  constexpr std::uint64_t kSteps = 1U << 20U;
  double ratio = std::clamp(policy_.lifetime_ratio, 0.0, 1.0);
  const double jitter = std::clamp(policy_.jitter, 0.0, 1.0);
  if (jitter > 0) {
    const auto part = static_cast<double>(environment_.random.below(kSteps)) / static_cast<double>(kSteps);
    ratio *= 1 - jitter * part;
  }
  return {ratio, policy_.minimum_margin};
}

bool SessionAuthenticator::is_due(const Now& now) const {
  return !held_ || !held_->credential.access_token() || held_->was_refused_by_api || held_->validity.due.reached(now);
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

/// What the server issued a moment ago.
void SessionAuthenticator::hold_obtained(Credential credential) {
  const Now now = read(environment_.clock);
  const Validity validity = validity_when_issued(credential, due_rule(), now);
  hold(std::move(credential), validity);
  if (validity.expires.reached(now)) {
    renewals_.failed(was_issued_expired(), now.steady, kPauseAfterExpired);
  }
}

/// A logout, of ours or by deleting the stored object (W-20).
void SessionAuthenticator::end_session(EndOfSession reason) {
  const bool is_removed = reason == EndOfSession::kRemoved;
  environment_.log.info("session.ended", {{"reason", is_removed ? "the stored credential was removed" : "logout"}});
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
  return renewed ? was_issued_expired() : renewed.error();
}

}  // namespace authcore
