#include "session/credential_store.hpp"

#include "authcore/file_storage.hpp"
#include "authcore/stored_object.hpp"

namespace authcore {

using oidc::Errc;

namespace {

std::optional<ObjectVersion> known(const oidc::Result<ObjectVersion>& version) {
  return version ? std::optional{*version} : std::nullopt;
}

}  // namespace

CredentialLocation with_provider(CredentialLocation location) {
  if (!location.provider && !location.key.empty()) {
    location.provider = std::make_shared<FileStorage>();
  }
  return location;
}

bool CredentialStore::exists() const {
  if (!is_persistent()) {
    return false;
  }
  const auto found = location_.provider->exists(location_.key);
  return found && *found;
}

oidc::Result<std::optional<Credential>> CredentialStore::load(oidc::TimePoint now) {
  // The version first: a write in between then looks like a change, which costs one more load.
  const auto version = known(location_.provider->version(location_.key));
  const auto object = location_.provider->load(location_.key);
  const auto is_absent = [&] {
    if (object.error().code == Errc::kNotFound) {
      return true;
    }
    const auto found = location_.provider->exists(location_.key);
    return found && !*found;
  };
  if (!object && is_absent()) {
    seen_ = false;
    version_.reset();
    return std::optional<Credential>{};
  }
  seen_ = true;
  version_ = version;
  if (!object) {
    return object.error();
  }
  auto credential = Credential::from_json(kind_, *object, written_by(version, now));
  if (!credential) {
    return oidc::Error{Errc::kCorruptStorage, "what is stored under " + location_.key + " is no credential"};
  }
  return std::optional{*std::move(credential)};
}

oidc::Status CredentialStore::save(const Credential& credential) {
  const auto saved = location_.provider->save(location_.key, credential.json());
  if (!saved) {
    return saved.error();
  }
  seen_ = true;
  version_ = known(location_.provider->version(location_.key));
  return oidc::Done{};
}

oidc::Status CredentialStore::remove() {
  seen_ = false;
  version_.reset();
  return location_.provider->remove(location_.key);
}

CredentialStore::Change CredentialStore::look() const {
  const auto version = location_.provider->version(location_.key);
  if (version) {
    return seen_ && version_ == *version ? Change::kNone : Change::kChanged;
  }
  if (version.error().code != Errc::kNotFound) {
    const auto found = location_.provider->exists(location_.key);
    if (!found || *found) {
      return Change::kChanged;
    }
  }
  return seen_ ? Change::kGone : Change::kNone;
}

void CredentialStore::disregard() {
  version_ = known(location_.provider->version(location_.key));
  seen_ = version_.has_value() || exists();
}

oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> CredentialStore::lock(oidc::Clock& clock,
                                                                                 oidc::Duration timeout,
                                                                                 std::stop_token stop) {
  return location_.provider->lock(location_.key, clock, timeout, std::move(stop));
}

}  // namespace authcore
