#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/config.hpp"
#include "oidc/result.hpp"

namespace mockserver {

using Scopes = std::vector<std::string>;

bool has_scope(const Scopes& scopes, std::string_view scope);
/// Joined by blanks.
std::string to_text(const Scopes& scopes);
/// What a request without `scope` gets: every scope but openid and offline_access, which
/// must be asked for by name.
Scopes default_scopes(const IssuerConfig& config);
/// The scopes of a request, each once, in the order asked. Errors: "invalid_scope" for one
/// that isn't configured or is malformed.
oidc::Result<Scopes> requested_scopes(const IssuerConfig& config, const std::optional<std::string>& scope);

}  // namespace mockserver
