#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/client_type.hpp"
#include "client_auth/private_key.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// A checked client configuration (docs/auth-core.md, "Configure a client"). "" or empty: not given.
struct ClientConfig {
  const ClientType* type = nullptr;
  std::string auth_server;
  std::string client_id;
  std::string client_secret;
  PrivateKeySource private_key;
  std::string username;  ///< of password logins
  std::string password;
  std::string issuer;
  std::string audience;  ///< the one element of `audiences` (CFG-002)
  std::vector<std::string> scopes;
  std::string organization;
  std::string project_id;
  std::map<std::string, std::string> endpoints;  ///< overrides, by metadata name ("token_endpoint", "jwks_uri")
  std::string redirect_uri;                      ///< what the server sees
  std::string local_redirect_uri;                ///< where the listener is
  std::string acknowledgement;                   ///< HTML; "": the built-in page
  std::string acknowledgement_file;
  std::optional<ClientAuthMethod> client_auth_method;
  std::vector<std::string> id_token_signing_algs{"RS256", "ES256"};
  std::vector<std::string> access_token_signing_algs{"RS256"};
  std::optional<oidc::Duration> max_retry_after;
  oidc::Duration clock_leeway{};  ///< by how much times of tokens may be missed (W-46)
};

/// The value of `client_type`. Errors: `kConfig`.
oidc::Result<const ClientType*> read_client_type(const oidc::Json& config);

/// Errors: `kConfig`, naming the key, what it must be, and the nearest valid name for a slip.
/// Never quotes a value. Unknown keys are accepted (FACT-007).
oidc::Result<ClientConfig> parse_client_config(const oidc::Json& config);

/// The keys of `config` that no client type knows: for a hint in the log.
std::vector<std::string> unknown_keys(const oidc::Json& config);

/// The known key that `unknown` looks like a slip of; "" if none does.
std::string nearest_key(const std::string& unknown);

}  // namespace authcore
