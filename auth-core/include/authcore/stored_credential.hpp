#pragma once

#include "authcore/credential.hpp"
#include "authcore/stored_object.hpp"

namespace authcore {

/// The rule of that kind of credential: what `Credential::from_json` takes, with its times (CRED-006). An
/// update that brings another access token makes the old token's times void (W-17, CRED-018).
ObjectRule credential_rule(CredentialKind kind);

/// A credential that is kept in memory and, with a path, in storage (planet_auth API documentation,
/// "Credential"). Not thread-safe.
class StoredCredential : public StoredObject {
 public:
  StoredCredential(oidc::Clock& clock, CredentialKind kind, CredentialLocation location = {},
                   oidc::Json data = nullptr);

  CredentialKind kind() const { return kind_; }

  /// What is held, loading it first if nothing was (CRED-002, CRED-015). Errors: those of `lazy_load`;
  /// `kNoCredential` if there is nothing to load; `kInvalidArgument` for bad data given to the constructor.
  oidc::Result<Credential> credential();

 private:
  CredentialKind kind_;
};

}  // namespace authcore
