// How the session authenticator gets a newer token.
#include <chrono>
#include <utility>

#include "oidc/log.hpp"
#include "session/session_authenticator.hpp"

namespace authcore {

using oidc::Errc;
using oidc::Error;
using Change = CredentialStore::Change;

namespace {

/// A server that refuses the client or the request will do so again: ask rarely (REF-11).
constexpr oidc::Duration kRefusalPause = std::chrono::minutes{10};

/// One more try is all that a refresh token gets whose reply was lost: it should meet a network that works
/// again, and the grace period that some servers give.
constexpr oidc::Duration kPauseAfterLostReply = std::chrono::seconds{5};

/// The request may have been processed, and what it brought is lost: no reply came, or one that must not
/// be believed. A 5xx or a strange page is an answer, however indefinite, and may be asked for again: it
/// speaks for a gateway, and outages and captive portals last longer than two tries (REF-14).
bool is_reply_lost(const Error& error) {
  return !error.definite &&
         (oidc::is_kind_of(error.code, Errc::kNetwork) || oidc::is_kind_of(error.code, Errc::kInvalidToken));
}

bool is_refusal(const Error& error) {
  return error.code == Errc::kOAuthError && error.oauth_error != "temporarily_unavailable" &&
         error.oauth_error != "server_error" && error.oauth_error != "slow_down";
}

Error session_was_ended() {
  return {Errc::kNoCredential, "the session was ended: log in again"};
}

/// What may be logged of a token response.
oidc::Json summary(const Credential& credential) {
  oidc::Json members = {{"access_token", oidc::fingerprint(credential.access_token().value_or(""))}};
  if (const auto token = credential.refresh_token()) {
    members["refresh_token"] = oidc::fingerprint(*token);
  }
  if (const auto lifetime = credential.expires_in()) {
    members["expires_in_s"] = std::chrono::duration_cast<std::chrono::seconds>(*lifetime).count();
  }
  return members;
}

/// A client must return an access token or fail.
oidc::Result<Credential> with_access_token(oidc::Result<Credential> credential) {
  if (credential && !credential->access_token()) {
    Error error{Errc::kMalformedResponse, "the server issued no access token"};
    error.definite = false;
    return error;
  }
  return credential;
}

}  // namespace

/// Lock, reload, test again, and only then ask the server (W-05).
oidc::Status SessionAuthenticator::renew() {
  if (!held_ && !can_log_in()) {
    return Error{Errc::kNoCredential, "nobody has logged in yet"};
  }
  const Now before = read(environment_.clock);
  if (renewals_.must_wait(before.steady) && (!store_.is_persistent() || store_.look() == Change::kNone)) {
    return *renewals_.error();
  }
  const auto lock = lock_storage();
  if (!lock) {
    renewals_.failed(lock.error(), environment_.clock.steady_now());
    return lock.error();
  }
  if (const auto caught_up = catch_up_with_storage(); !caught_up && !can_log_in()) {
    return caught_up.error();
  }
  const Now now = read(environment_.clock);
  if (!is_due(now)) {
    return oidc::Done{};
  }
  if (renewals_.must_wait(now.steady)) {
    return *renewals_.error();
  }
  if (!held_ && !can_log_in()) {
    return session_was_ended();
  }
  return obtain(*lock == nullptr ? "" : (*lock)->weakness());
}

/// `weakness`: of the lock that is held.
oidc::Status SessionAuthenticator::obtain(const std::string& weakness) {
  const auto refresh_token = held_ ? held_->credential.refresh_token() : std::nullopt;
  const bool is_safe = weakness.empty() || policy_.refresh_without_lock;
  if (refresh_token && !is_safe && !can_log_in()) {
    Error error{Errc::kStorage, "not refreshed, as others could do so at the same time: " + weakness};
    renewals_.failed(error, environment_.clock.steady_now());
    return error;
  }
  if (refresh_token && is_safe && *refresh_token != refused_token_) {
    const auto refreshed = refresh();
    if (refreshed || !can_log_in() || (held_ && !renewals_.is_final())) {
      return refreshed;
    }
  }
  if (can_log_in()) {
    return log_in();
  }
  if (refresh_token) {
    return refuse({Errc::kInvalidGrant, "the refresh token was refused before: log in again"}, *refresh_token);
  }
  Error error{Errc::kNoCredential, "the access token is due and there is no refresh token: log in again"};
  renewals_.failed(error, environment_.clock.steady_now());
  return error;
}

oidc::Status SessionAuthenticator::refresh() {
  constexpr int kTokensToTry = 2;  // the held one, and the one another process stored meanwhile
  Error error;
  for (int attempt = 0; attempt < kTokensToTry; ++attempt) {
    const std::string token = *held_->credential.refresh_token();
    RefreshOptions options;
    bool is_kept = false;
    options.keep_at_once = [&](const Credential& tokens) { is_kept = keep_at_once(tokens); };
    auto refreshed = with_access_token(client_.refresh(held_->credential, options));
    if (refreshed) {
      return adopt_refreshed(*std::move(refreshed));
    }
    error = std::move(refreshed).error();
    if (is_kept && store_.look() != Change::kGone) {
      is_unsaved_ = true;  // what was kept turned out to be void
      (void)save_now();
    }
    if (error.code != Errc::kInvalidGrant) {
      return refresh_failed(std::move(error), token);
    }
    error = refuse(std::move(error), token);
    if (!reload_other_than(token)) {
      return held_ ? error : session_was_ended();
    }
    if (!is_due(read(environment_.clock))) {
      return oidc::Done{};
    }
    if (!held_->credential.refresh_token()) {
      break;
    }
  }
  return error;
}

/// Before the client goes on to fetch keys, which may take long: a refresh token that replaced ours must
/// survive a crash (W-02). What is held stays; a save that fails is made up for when the refresh is done.
bool SessionAuthenticator::keep_at_once(const Credential& tokens) {
  if (!store_.is_persistent() || (!is_unsaved_ && store_.look() == Change::kGone)) {
    return false;
  }
  return store_.save(tokens).has_value();
}

oidc::Status SessionAuthenticator::adopt_refreshed(Credential credential) {
  if (store_.is_persistent() && !is_unsaved_ && store_.look() == Change::kGone) {
    // A logout while we were asking must not be undone.
    end_session(EndOfSession::kRemoved);
    return session_was_ended();
  }
  environment_.log.info("token.refreshed", summary(credential));
  hold_obtained(std::move(credential));
  if (store_.is_persistent()) {
    is_unsaved_ = true;
    (void)save_now();
  }
  return oidc::Done{};
}

oidc::Status SessionAuthenticator::log_in() {
  auto credential = with_access_token(client_.login(LoginOptions{}));
  if (!credential) {
    const auto wait = renewals_.failed(credential.error(), environment_.clock.steady_now(),
                                       is_refusal(credential.error()) ? kRefusalPause : oidc::Duration::zero());
    environment_.log.warning("token.login_failed", {{"error", oidc::to_string(credential.error().code)},
                                                    {"oauth_error", credential.error().oauth_error},
                                                    {"retry_in_ms", wait.count()}});
    return credential.error();
  }
  environment_.log.info("token.obtained", summary(*credential));
  hold_obtained(*std::move(credential));
  refused_token_.clear();
  if (store_.is_persistent()) {
    is_unsaved_ = true;
    (void)save_now();
  }
  return oidc::Done{};
}

/// Not refused, or not by name: the token may be presented again after a pause, but only once more
/// if a reply was lost (REF-05).
Error SessionAuthenticator::refresh_failed(Error error, const std::string& refresh_token) {
  if (is_reply_lost(error) && doubtful_token_ == refresh_token) {
    return refuse(
        {Errc::kReauthRequired, "two refreshes got no reply to use, the refresh token may be spent: log in again"},
        refresh_token);
  }
  oidc::Duration at_least = is_refusal(error) ? kRefusalPause : oidc::Duration::zero();
  if (is_reply_lost(error)) {
    doubtful_token_ = refresh_token;
    at_least = kPauseAfterLostReply;
  }
  const auto wait = renewals_.failed(error, environment_.clock.steady_now(), at_least);
  environment_.log.warning("token.refresh_failed", {{"error", oidc::to_string(error.code)},
                                                    {"oauth_error", error.oauth_error},
                                                    {"definite", error.definite},
                                                    {"retry_in_ms", wait.count()}});
  return error;
}

/// The token is never presented again; only a login or a change in storage helps (REF-10).
Error SessionAuthenticator::refuse(Error error, const std::string& refresh_token) {
  refused_token_ = refresh_token;
  environment_.log.warning("token.refresh_refused", {{"error", oidc::to_string(error.code)},
                                                     {"refresh_token", oidc::fingerprint(refresh_token)}});
  renewals_.failed_for_good(error);
  return error;
}

}  // namespace authcore
