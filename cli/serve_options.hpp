#pragma once

#include <cstdint>
#include <string>

#include "mockserver/server_config.hpp"
#include "oidc/result.hpp"

namespace CLI {
class App;
}

namespace cli {

/// What `assay serve` is told: by its command line, else by environment variables, else by its file, else the defaults
/// here.
struct ServeOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string tls = "none";
  std::string cert;
  std::string key;
  std::string external_url;
  bool trust_forwarded = false;
  bool auto_issuers = false;
  std::string control_host = "127.0.0.1";
  std::uint16_t control_port = 0;
  std::string control_token_file;
  std::string control_token{};  ///< `read_control_token`
  std::string config;
  std::string issuer = "main";
  std::string clock = "system";
  int threads = 2;
  std::string state;
  bool no_stdin = false;
};

/// Adds the options to the subcommand; `options` must outlive it.
void add_serve_options(CLI::App& command, ServeOptions& options);

/// Takes from the file what neither the command line nor the environment said.
void lay_below(const CLI::App& command, const mockserver::ServerConfig& file, ServeOptions& options);

/// What callers of the control API must show; "" for nothing. It is no option, which everybody on the machine could
/// read. Errors: `kInvalidArgument` naming the file that holds none.
oidc::Result<std::string> read_control_token(const ServeOptions& options, const mockserver::ServerConfig& file);

}  // namespace cli
