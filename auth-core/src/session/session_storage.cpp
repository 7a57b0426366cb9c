// How the session authenticator deals with storage.
#include <algorithm>
#include <utility>

#include "session/session_authenticator.hpp"

namespace authcore {

using oidc::Errc;
using Change = CredentialStore::Change;

namespace {

/// In the place of a lock that storage failed to give.
class NoLock final : public ObjectStorageProvider::Lock {
 public:
  explicit NoLock(std::string weakness) : weakness_{std::move(weakness)} {}
  std::string weakness() const override { return weakness_; }

 private:
  std::string weakness_;
};

}  // namespace

oidc::Status SessionAuthenticator::load_if_needed() {
  if (held_ || !store_.is_persistent()) {
    return oidc::Done{};
  }
  const Now now = read(environment_.clock);
  auto loaded = store_.load(now.wall);
  if (!loaded) {
    return loaded.error();
  }
  if (*loaded) {
    const Validity validity = validity_of(**loaded, due_rule(), now);
    hold(**std::move(loaded), validity);
  }
  return oidc::Done{};
}

/// A null lock if there is no storage, or if it never locks: then only this process is excluded. One that can't be had
/// now has a weakness, which is told each time. Errors: `kLocked`, `kCancelled`.
oidc::Result<SessionAuthenticator::StorageLock> SessionAuthenticator::lock_storage() {
  if (!store_.is_persistent()) {
    return StorageLock{};
  }
  auto lock = store_.lock(environment_.clock, policy_.lock_timeout, environment_.stop);
  if (!lock && lock.error().code != Errc::kLocked && lock.error().code != Errc::kCancelled) {
    lock = StorageLock{std::make_unique<NoLock>(lock.error().message)};
  }
  if (lock && *lock != nullptr && !(*lock)->weakness().empty()) {
    environment_.log.warning("storage.lock_unavailable", {{"error", (*lock)->weakness()}});
  }
  return lock;
}

/// What is stored counts, unless what is held could not be saved yet and is newer.
bool SessionAuthenticator::supersedes(const Credential& stored) const {
  return !is_unsaved_ || stored.issued_at() > held_->credential.issued_at();
}

/// Takes over what another process stored, or the end of the session.
oidc::Status SessionAuthenticator::catch_up_with_storage() {
  if (!store_.is_persistent()) {
    return oidc::Done{};
  }
  const Change change = store_.look();
  if (change == Change::kNone) {
    return oidc::Done{};
  }
  const Now now = read(environment_.clock);
  auto loaded = store_.load(now.wall);
  if (!loaded) {
    // What is held may still be good, and saving it mends the object (RFR-011).
    environment_.log.warning("storage.load_failed", {{"error", loaded.error().message}});
    return held_ ? oidc::Status{oidc::Done{}} : oidc::Status{loaded.error()};
  }
  if (!*loaded) {
    end_session(EndOfSession::kRemoved);
    return oidc::Done{};
  }
  if (held_ && ((*loaded)->json() == held_->credential.json() || !supersedes(**loaded))) {
    return oidc::Done{};
  }
  environment_.log.info("credential.reloaded");
  const Validity validity = validity_of(**loaded, due_rule(), now);
  hold(**std::move(loaded), validity);
  is_unsaved_ = false;
  return oidc::Done{};
}

/// Another process may have used the token before us and stored its successor (REF-12).
bool SessionAuthenticator::reload_other_than(const std::string& refused_token) {
  if (!store_.is_persistent() || is_unsaved_) {
    return false;
  }
  const Now now = read(environment_.clock);
  auto loaded = store_.load(now.wall);
  if (!loaded) {
    environment_.log.warning("storage.load_failed", {{"error", loaded.error().message}});
    return false;
  }
  if (!*loaded) {
    end_session(EndOfSession::kRemoved);
    return false;
  }
  if ((*loaded)->refresh_token().value_or("") == refused_token) {
    return false;
  }
  environment_.log.info("credential.reloaded");
  const Validity validity = validity_of(**loaded, due_rule(), now);
  hold(**std::move(loaded), validity);
  return true;
}

/// Failed saves are tried again by the next call, then ever more rarely: a full disk must not cost
/// every call a write.
oidc::Status SessionAuthenticator::save_now() {
  const auto saved = store_.save(held_->credential);
  if (saved) {
    is_unsaved_ = false;
    saves_.succeeded();
    return oidc::Done{};
  }
  const oidc::Json members = {{"error", saved.error().message}};
  if (saves_.error()) {
    saves_.failed(saved.error(), environment_.clock.steady_now());
    environment_.log.debug("storage.save_failed", members);
  } else {
    saves_.failed_once(saved.error());
    environment_.log.warning("storage.save_failed", members);
  }
  return saved.error();
}

/// Somebody may have stored something else in the meantime: the newer one stays.
void SessionAuthenticator::save_what_is_unsaved() {
  if (saves_.must_wait(environment_.clock.steady_now())) {
    return;
  }
  const auto lock = lock_storage();
  const Change change = store_.look();
  if (change == Change::kGone) {
    end_session(EndOfSession::kRemoved);
    return;
  }
  if (change == Change::kChanged) {
    const Now now = read(environment_.clock);
    auto loaded = store_.load(now.wall);
    if (loaded && *loaded && supersedes(**loaded)) {
      environment_.log.info("credential.reloaded");
      const Validity validity = validity_of(**loaded, due_rule(), now);
      hold(**std::move(loaded), validity);
      is_unsaved_ = false;
      saves_.succeeded();
      return;
    }
  }
  (void)save_now();
}

}  // namespace authcore
