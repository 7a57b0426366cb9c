#pragma once

#include <string>
#include <string_view>

#include "mockserver/config.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "oidc/schema.hpp"

/// From JSON that fits schema/issuer.schema.json to values, a file for each noun. The schema has settled the
/// types of everything that the readers look at; what it cannot say is checked here. Errors: `kBadInput`; the
/// message starts with `pointer`, the JSON Pointer to what is read.
namespace mockserver {

/// schema/issuer.schema.json.
const oidc::Schema& issuer_schema();

oidc::Error bad_input(const std::string& pointer, const std::string& what);

std::chrono::seconds read_seconds(const oidc::Json& json);
/// A string or an array of them.
std::vector<std::string> read_strings(const oidc::Json& json);

/// What `json` says, laid over `base`.
Lifetimes read_lifetimes(const oidc::Json& json, Lifetimes base);                                    // lifetimes.cpp
AccessTokenFormat read_access_token_format(const oidc::Json& json);                                  // lifetimes.cpp
RefreshPolicy read_refresh_policy(const oidc::Json& json);                                           // lifetimes.cpp
oidc::Result<std::vector<oidc::Jwk>> read_keys(const oidc::Json& jwks, const std::string& pointer);  // keys.cpp
oidc::Result<ClientConfig> read_client(const oidc::Json& json, const Lifetimes& lifetimes, const std::string& pointer);
UserConfig read_user(const oidc::Json& json);
Leniency read_leniency(const oidc::Json& json);

/// The grant types of a client that names none: all for a confidential one, for a public one all but
/// client_credentials.
std::vector<std::string> default_grants(ClientAuthMethod auth);
/// By its name; `kNone` for any other text.
ClientAuthMethod auth_method_of(std::string_view name);

}  // namespace mockserver
