#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/schema.hpp"

namespace mockserver {

/// A server with its issuers, as a file says it: `schema/server.schema.json`. What is absent is left to the caller.
struct ServerConfig {
  std::optional<std::string> host{};
  std::optional<std::uint16_t> port{};
  std::optional<int> threads{};
  std::optional<std::string> tls{};  ///< "none" or "auto"
  std::optional<std::string> cert{};
  std::optional<std::string> key{};
  std::optional<std::string> external_url{};
  std::optional<bool> trust_forwarded{};
  std::optional<bool> auto_issuers{};
  std::optional<std::string> control_host{};
  std::optional<std::uint16_t> control_port{};
  std::optional<std::string> control_token{};
  oidc::Json defaults = oidc::Json::object();   ///< an overlay below every issuer's configuration
  std::map<std::string, oidc::Json> issuers{};  ///< by name: what POST /v1/issuers takes but for the name
};

/// Whether a file is about a server, and not the configuration of one issuer.
bool is_server_config(const oidc::Json& json);

/// Everything that is wrong with such a file, also inside its issuers' configurations and steps; empty if nothing is.
std::vector<oidc::SchemaProblem> check_server_config(const oidc::Json& json);
/// As above for the configuration of one issuer.
std::vector<oidc::SchemaProblem> check_issuer_config(const oidc::Json& json);

/// The members that an issuer's configuration can have.
std::vector<std::string> issuer_config_keys();

/// The values of a file that was checked.
ServerConfig read_server_config(const oidc::Json& json);

}  // namespace mockserver
