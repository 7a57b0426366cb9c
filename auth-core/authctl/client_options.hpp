#pragma once

#include <string>
#include <vector>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace CLI {
class App;
}

namespace authctl {

/// Which client at which server, and where its tokens are. "" or empty: not given.
struct ClientOptions {
  std::string config_file{};
  std::string auth_server{};
  std::string client_id{};
  std::string client_type{};
  std::string client_secret_file{};
  std::string client_key_file{};
  std::string issuer{};
  std::string redirect_uri{};
  std::vector<std::string> scopes{};
  std::string audience{};
  std::string ca_file{};
  std::string token_file{};
  std::string store = "file";
  bool refresh_without_lock = false;
  bool any_owner = false;
};

/// Adds the options above to the program, so that they may stand before and after the command.
void add_client_options(CLI::App& app, ClientOptions& options);

/// The client configuration: the file's, with what the options say laid over it. The secret comes from the file that
/// is named, else from the environment's CLIENT_SECRET if the type has one. Errors: `kConfig`, never with a secret.
oidc::Result<oidc::Json> client_config(const ClientOptions& options);

/// What a configuration lacks, with the option to give it by. A key that seems to be misspelt is left to `Auth`, which
/// names it. Errors: `kConfig`.
oidc::Status check_complete(const oidc::Json& config);

/// The client types with what each is for, each on a line of its own that a line feed begins.
std::string list_client_types();

/// True if a client logs in by code and its redirect URI, which `Auth` accepted, has port 0.
bool leaves_port_open(const oidc::Json& config);

/// The first line of a file that holds a secret. Errors: `kConfig`, naming the file.
oidc::Result<std::string> read_secret_file(const std::string& path);

/// Where the tokens of a client are kept if nothing else is said: a name of its own for each client, and user whom the
/// configuration names, at each server, below the home directory, so that nobody is given another's tokens.
std::string default_storage_key(const oidc::Json& config);

}  // namespace authctl
