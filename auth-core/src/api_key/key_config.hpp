#pragma once

#include <optional>

#include "authcore/credential.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The configured `api_key` as a credential of `kind`, with its prefix if the kind has one; nullopt if
/// there is no key. Errors: `kConfig`, also for characters that no header may hold.
oidc::Result<std::optional<Credential>> read_configured_key(const oidc::Json& config, CredentialKind kind);

}  // namespace authcore
