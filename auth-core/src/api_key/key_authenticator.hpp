#pragma once

#include <optional>

#include "authcore/authenticator.hpp"
#include "session/credential_store.hpp"
#include "session/pace.hpp"
#include "session/turn.hpp"

namespace authcore {

/// Puts a key on requests that is configured, or else stored (STAT-001 … STAT-008, LEG-004 … LEG-006).
///
/// A configured key beats what is stored, which is then never read. Nothing is ever written but to
/// `location` (W-42).
class KeyAuthenticator final : public RequestAuthenticator {
 public:
  /// When a stored key is read.
  enum class Reading {
    kOnce,               ///< at the first request
    kWheneverItChanged,  ///< which is looked at before each request (STAT-003)
  };

  /// `configured` is of `kind`.
  KeyAuthenticator(CredentialKind kind, std::optional<Credential> configured, Environment environment,
                   CredentialLocation location, Reading reading);

  /// Errors: `kNoCredential` without a key (D-10); `kCorruptStorage` and others of storage (STAT-004).
  oidc::Result<Authorization> authorization() override;
  bool is_initialized() override;
  oidc::Result<std::optional<Credential>> credential() override;
  oidc::Status update_credential(Credential credential) override;
  oidc::Status update_credential_data(const oidc::Json& data) override;
  /// A configured key stays: it is no session.
  oidc::Status forget() override;

 private:
  bool is_reading_due() const;  // requires turn_
  oidc::Status catch_up();      // requires turn_
  oidc::Status save();          // requires turn_

  CredentialKind kind_;
  std::optional<Credential> configured_;
  Environment environment_;
  Reading reading_;
  Turn turn_;  // storage may wait on the clock

  // Guarded by turn_.
  CredentialStore store_;
  std::optional<Credential> held_;
  bool could_not_read_ = false;
  bool is_unsaved_ = false;
  Pace saves_{RefreshPolicy{}};
};

}  // namespace authcore
