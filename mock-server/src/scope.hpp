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
/// Read from a `scope` parameter, each once, in the order asked. Errors: "invalid_scope" for what is malformed
/// (RFC 6749 section 3.3).
oidc::Result<Scopes> parse_scopes(std::string_view text);
/// What a request of `client` without `scope` gets: every scope it may ask for but those of OpenID Connect, which must
/// be asked for by name. `client` may be null.
Scopes default_scopes(const IssuerConfig& config, const ClientConfig* client);
/// Takes out what means nothing without a user: openid and offline_access.
void drop_user_scopes(Scopes& scopes);
/// The scopes that a request of `client` gets, each once, in the order asked. One that isn't configured is left out as
/// `IssuerConfig::unknown_scopes` says, or granted (`lenient.any_scope`). Errors: "invalid_scope" for any other, if
/// none is left, for one that is not the client's, or is malformed.
oidc::Result<Scopes> requested_scopes(const IssuerConfig& config, const ClientConfig* client,
                                      const std::optional<std::string>& scope);

}  // namespace mockserver
