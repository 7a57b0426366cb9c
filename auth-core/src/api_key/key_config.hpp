#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authcore/credential.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The value of a string key of a client configuration; "" if it is absent or null. Errors: `kConfig`,
/// naming the key, never the value.
oidc::Result<std::string> read_config_string(const oidc::Json& config, const std::string& key);

/// The configured `api_key` as a credential of `kind`, with its prefix if the kind has one; nullopt if
/// there is no key. Errors: `kConfig`, also for characters that no header may hold.
oidc::Result<std::optional<Credential>> read_configured_key(const oidc::Json& config, CredentialKind kind);

/// The keys of `config` beside `client_type` and `known`: people may have misspelt one.
std::vector<std::string> keys_beside(const oidc::Json& config, const std::vector<std::string>& known);

}  // namespace authcore
