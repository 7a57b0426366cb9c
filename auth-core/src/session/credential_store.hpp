#pragma once

#include <memory>
#include <optional>

#include "authcore/authenticator.hpp"
#include "authcore/credential.hpp"
#include "authcore/storage.hpp"

namespace authcore {

/// A key without a provider is meant for a `FileStorage`: credentials must not silently stay in memory.
CredentialLocation with_provider(CredentialLocation location);

/// The stored copy of one credential, and which version of it was seen last. Not thread-safe.
class CredentialStore {
 public:
  CredentialStore(CredentialKind kind, CredentialLocation location)
      : kind_{kind}, location_{with_provider(std::move(location))} {}

  /// False: the credential lives in memory only, and nothing below may be called but `exists`.
  bool is_persistent() const { return location_.provider != nullptr && !location_.key.empty(); }

  /// One probe (RA-007); also safe while another thread uses the store. False if storage fails.
  bool exists() const;

  /// nullopt if nothing is stored, which `exists` decides if the provider's errors don't (W-16).
  /// Errors: `kCorruptStorage` for what is no credential; those of the provider.
  oidc::Result<std::optional<Credential>> load(oidc::TimePoint now);
  oidc::Status save(const Credential& credential);
  oidc::Status remove();

  enum class Change { kNone, kChanged, kGone };
  /// What happened to the object since it was last loaded or saved. If that cannot be told: kChanged.
  Change look() const;

  /// What is stored now, be it nothing, is older than what is held: `look` tells only what happens from now on.
  void disregard();

  oidc::Result<std::unique_ptr<ObjectStorageProvider::Lock>> lock(oidc::Clock& clock, oidc::Duration timeout,
                                                                  std::stop_token stop);

 private:
  CredentialKind kind_;
  CredentialLocation location_;
  bool seen_ = false;  ///< it was there when last looked at
  std::optional<ObjectVersion> version_;
};

}  // namespace authcore
