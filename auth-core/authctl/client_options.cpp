#include "client_options.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "authcore/client.hpp"
#include "oidc/log.hpp"
#include "oidc/schema.hpp"
#include "oidc/url.hpp"

namespace authctl {
namespace {

constexpr const char* kSecretVariable = "CLIENT_SECRET";
constexpr const char* kCodeTypes = "oidc_auth_code";  // what their names begin with

/// How keys of the configuration are given here.
constexpr std::array<std::pair<std::string_view, const char*>, 4> kOptionsOfKeys{
    {{"auth_server", "--auth-server"},
     {"client_id", "--client-id"},
     {"client_secret", "--client-secret-file, $CLIENT_SECRET"},
     {"client_privkey_file", "--client-key-file"}}};

oidc::Error config_error(const std::string& message) {
  return {oidc::Errc::kConfig, message};
}

oidc::Result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  const bool is_empty = file.peek() == std::ifstream::traits_type::eof() && file.eof() && !file.bad();
  if (!is_empty && !(text << file.rdbuf())) {
    return config_error("cannot read " + path);
  }
  return text.str();
}

oidc::Result<oidc::Json> read_config_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) {
    return text.error();
  }
  auto config = oidc::parse_json(*text);
  if (!config) {
    return config_error(path + ": " + config.error().message);
  }
  if (!config->is_object()) {
    return config_error(path + ": not a JSON object");
  }
  return config;
}

void set_if_given(oidc::Json& config, const char* key, const std::string& value) {
  if (!value.empty()) {
    config[key] = value;
  }
}

/// Whether a client type cannot do without a key.
bool needs_key(const std::string& client_type, std::string_view key) {
  for (const authcore::ClientTypeInfo& info : authcore::client_type_infos()) {
    for (const auto& hint : info.config_hints) {
      if (info.name == client_type && hint.key == key) {
        return hint.is_required;
      }
    }
  }
  return false;
}

std::string client_type_names() {
  std::string names;
  for (const authcore::ClientTypeInfo& info : authcore::client_type_infos()) {
    names += (names.empty() ? "" : ", ") + std::string{info.name};
  }
  return names;
}

/// Neither there nor misspelt, which the library tells better.
bool is_missing(const oidc::Json& config, std::string_view key) {
  const std::vector<std::string> names{std::string{key}};
  const auto items = config.items();
  return std::none_of(items.begin(), items.end(),
                      [&](const auto& item) { return !oidc::nearest_name(item.key(), names).empty(); });
}

oidc::Status set_secret(oidc::Json& config, const ClientOptions& options) {
  if (!options.client_secret_file.empty()) {
    const auto secret = read_secret_file(options.client_secret_file);
    if (!secret) {
      return secret.error();
    }
    config["client_secret"] = *secret;
    return oidc::Done{};
  }
  const char* secret = std::getenv(kSecretVariable);
  if (secret != nullptr && needs_key(oidc::string_member(config, "client_type").value_or(""), "client_secret")) {
    config["client_secret"] = secret;
  }
  return oidc::Done{};
}

}  // namespace

void add_client_options(CLI::App& app, ClientOptions& options) {
  const auto group = "Client";
  const auto add = [&](const char* name, auto& target, const char* text, const char* type) {
    return app.add_option(name, target, text)->type_name(type)->group(group)->take_last();
  };
  add("--config", options.config_file, "Client configuration (JSON); the options below are laid over it; default: none",
      "FILE");
  add("--auth-server", options.auth_server, "URL of the authorization server; default: that of the configuration",
      "URL");
  add("--client-id", options.client_id, "Default: that of the configuration", "ID");
  add("--client-type", options.client_type,
      "How the client logs in, one of those listed below; default: that of the configuration", "TYPE");
  add("--client-secret-file", options.client_secret_file,
      "File whose first line is the client's secret; default: $CLIENT_SECRET, else that of the configuration", "FILE");
  add("--client-key-file", options.client_key_file,
      "File with the client's private key (PEM); default: that of the configuration", "FILE");
  add("--issuer", options.issuer, "Issuer of the tokens; default: what the server's metadata say", "URL");
  add("--redirect-uri", options.redirect_uri,
      "Where the browser comes back to after a login by code; default: that of the configuration, else "
      "http://127.0.0.1:0/callback",
      "URI");
  app.add_option(
         "--scope", options.scopes,
         "Scope to ask for, and that a kept token must have; may be repeated; default: those of the configuration")
      ->type_name("SCOPE")
      ->allow_extra_args(false)
      ->group(group);
  add("--audience", options.audience, "Audience of the access token; default: that of the configuration", "AUDIENCE");
  add("--ca-file", options.ca_file, "PEM file with the trust anchors for https; default: the system's", "FILE");
  add("--token-file", options.token_file,
      "Where the tokens are kept; relative to the home directory; default: a file for each client below "
      ".config/authctl",
      "FILE");
  app.add_option("--store", options.store,
                 "file: one JSON file; sqlite: a database, at --token-file or .config/authctl/tokens.sqlite")
      ->type_name("KIND")
      ->check(CLI::IsMember({"file", "sqlite"}))
      ->capture_default_str()
      ->group(group);
  app.add_flag("--any-owner", options.any_owner,
               "Use a token file also if it, or a link that leads to it, belongs to another user or can be written by "
               "others; default: such a file is refused")
      ->group(group);
  app.add_flag("--refresh-without-lock", options.refresh_without_lock,
               "Refresh also if the token file cannot be locked, though two refreshes at once may end the session; "
               "default: nothing is refreshed")
      ->group(group);
}

oidc::Result<std::string> read_secret_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) {
    return text.error();
  }
  std::string secret = text->substr(0, text->find_first_of("\r\n"));
  if (secret.empty()) {
    return config_error(path + (text->empty() ? ": the file is empty" : ": the first line is empty"));
  }
  return secret;
}

std::string list_client_types() {
  std::string list;
  for (const authcore::ClientTypeInfo& info : authcore::client_type_infos()) {
    list += fmt::format("\n  {:<32}{}", info.name, info.description);
  }
  return list;
}

oidc::Status check_complete(const oidc::Json& config) {
  if (is_missing(config, "client_type")) {
    return config_error(
        "client_type: how the client logs in is not given; name it with --client-type or in the file of "
        "--config: " +
        client_type_names());
  }
  const std::string type = oidc::string_member(config, "client_type").value_or("");
  for (const auto& [key, option] : kOptionsOfKeys) {
    const bool has_other = key == "client_privkey_file" && config.contains("client_privkey");
    if (needs_key(type, key) && is_missing(config, key) && !has_other) {
      return config_error(
          fmt::format("{}: this key is required; give it with {} or in the file of --config", key, option));
    }
  }
  return oidc::Done{};
}

bool leaves_port_open(const oidc::Json& config) {
  const std::string local = oidc::string_member(config, "local_redirect_uri").value_or("");
  const std::string uri = oidc::string_member(config, "redirect_uri").value_or(local);
  // Port 0 is a wish to the listener, not an address, and the one thing that a checked URI may have and a URL not.
  return oidc::string_member(config, "client_type").value_or("").starts_with(kCodeTypes) && !oidc::parse_url(uri);
}

oidc::Result<oidc::Json> client_config(const ClientOptions& options) {
  oidc::Json config = oidc::Json::object();
  if (!options.config_file.empty()) {
    const auto read = read_config_file(options.config_file);
    if (!read) {
      return read.error();
    }
    config = *read;
  }
  set_if_given(config, "auth_server", options.auth_server);
  set_if_given(config, "client_id", options.client_id);
  set_if_given(config, "client_type", options.client_type);
  set_if_given(config, "client_privkey_file", options.client_key_file);
  set_if_given(config, "issuer", options.issuer);
  set_if_given(config, "redirect_uri", options.redirect_uri);
  if (!options.scopes.empty()) {
    config["scopes"] = options.scopes;
  }
  if (!options.audience.empty()) {
    config["audiences"] = oidc::Json::array({options.audience});
  }
  const std::string type = oidc::string_member(config, "client_type").value_or("");
  if (type.starts_with(kCodeTypes) && !config.contains("redirect_uri") && !config.contains("local_redirect_uri")) {
    config["redirect_uri"] = "http://127.0.0.1:0/callback";
  }
  const auto with_secret = set_secret(config, options);
  if (!with_secret) {
    return with_secret.error();
  }
  return config;
}

std::string default_storage_key(const oidc::Json& config) {
  std::string client;
  for (const char* name :
       {"client_type", "auth_server", "client_id", "legacy_auth_endpoint", "username", "user_name"}) {
    client += oidc::string_member(config, name).value_or("") + "\n";
  }
  return ".config/authctl/" + oidc::fingerprint(client) + ".json";
}

}  // namespace authctl
