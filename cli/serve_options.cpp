#include "serve_options.hpp"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace cli {
namespace {

void add_listeners(CLI::App& command, ServeOptions& options) {
  command.add_option("--host", options.host, "Address the issuers listen on")
      ->type_name("HOST")
      ->envname("ASSAY_HOST")
      ->capture_default_str();
  command.add_option("--port", options.port, "Port of the issuers; 0: any free one")
      ->type_name("PORT")
      ->envname("ASSAY_PORT")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command.add_option("--threads", options.threads, "I/O threads of the issuers' listener")
      ->type_name("COUNT")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

void add_public_url(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--external-url", options.external_url,
                  "Origin that clients know the issuers by, if a proxy stands before them; default: their own")
      ->type_name("URL")
      ->envname("ASSAY_EXTERNAL_URL");
  command
      .add_flag("--trust-forwarded", options.trust_forwarded,
                "Unless there is an external URL, the issuers' URLs follow each request's Forwarded, "
                "X-Forwarded-Proto, -Host and -Port, else Host; default: off")
      ->envname("ASSAY_TRUST_FORWARDED");
}

void add_control(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--control-host", options.control_host,
                  "Address the control API listens on; other than loopback it needs a token")
      ->type_name("HOST")
      ->envname("ASSAY_CONTROL_HOST")
      ->capture_default_str();
  command.add_option("--control-port", options.control_port, "Port of the control API; 0: any free one")
      ->type_name("PORT")
      ->envname("ASSAY_CONTROL_PORT")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command
      .add_option("--control-token-file", options.control_token_file,
                  "File with what callers of the control API must show, as a bearer token; default: "
                  "$ASSAY_CONTROL_TOKEN, else nothing")
      ->type_name("FILE")
      ->envname("ASSAY_CONTROL_TOKEN_FILE");
  command.add_option("--control-token")->group("")->each([](const std::string&) {
    throw CLI::ValidationError{"--control-token",
                               "whoever is on this machine can read a command line: use --control-token-file or "
                               "$ASSAY_CONTROL_TOKEN"};
  });
}

void add_tls(CLI::App& command, ServeOptions& options) {
  auto* tls =
      command
          .add_option("--tls", options.tls,
                      "none: plain http; auto: https with a certificate authority made at start, whose certificate is "
                      "at ca_pem_url of the ready line")
          ->check(CLI::IsMember({"none", "auto"}))
          ->type_name("MODE")
          ->envname("ASSAY_TLS")
          ->capture_default_str();
  auto* cert = command.add_option("--cert", options.cert, "https with this certificate chain (PEM); default: none")
                   ->type_name("FILE");
  auto* key =
      command.add_option("--key", options.key, "The certificate's private key (PEM); default: none")->type_name("FILE");
  cert->needs(key)->excludes(tls);
  key->needs(cert);
}

void add_issuers(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--config", options.config,
                  "Configuration of the server and its issuers, or of one issuer alone (YAML, or JSON by its name); "
                  "default: none")
      ->type_name("FILE")
      ->envname("ASSAY_CONFIG");
  command.add_option("--issuer", options.issuer, "Name of the first issuer, the last segment of its URL")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--clock", options.clock,
                  "The clock of the first issuer and of automatic ones: system, virtual (stands still now until the "
                  "control API moves it), or an ISO 8601 time to stand still at")
      ->type_name("CLOCK")
      ->capture_default_str();
  command
      .add_flag("--auto-issuers", options.auto_issuers,
                "A request below an unused name makes an issuer of that name; default: off")
      ->envname("ASSAY_AUTO_ISSUERS");
}

template <typename T>
void take(const CLI::App& command, const char* option, const std::optional<T>& from_file, T& value) {
  if (from_file && command.get_option(option)->count() == 0) {
    value = *from_file;
  }
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
  add_listeners(command, options);
  add_public_url(command, options);
  add_control(command, options);
  add_tls(command, options);
  add_issuers(command, options);
  command
      .add_option("--state", options.state,
                  "File that keeps what the issuers issued, so that it outlives the server; default: none")
      ->type_name("FILE");
  command.add_flag("--no-stdin", options.no_stdin, "Go on when stdin closes, as a service does; default: off");
}

void lay_below(const CLI::App& command, const mockserver::ServerConfig& file, ServeOptions& options) {
  take(command, "--host", file.host, options.host);
  take(command, "--port", file.port, options.port);
  take(command, "--threads", file.threads, options.threads);
  take(command, "--external-url", file.external_url, options.external_url);
  take(command, "--trust-forwarded", file.trust_forwarded, options.trust_forwarded);
  take(command, "--auto-issuers", file.auto_issuers, options.auto_issuers);
  take(command, "--control-host", file.control_host, options.control_host);
  take(command, "--control-port", file.control_port, options.control_port);
  const bool tls_said = command.get_option("--tls")->count() + command.get_option("--cert")->count() > 0;
  if (!tls_said) {
    options.tls = file.tls.value_or(options.tls);
    options.cert = file.cert.value_or(options.cert);
    options.key = file.key.value_or(options.key);
  }
}

oidc::Result<std::string> read_control_token(const ServeOptions& options, const mockserver::ServerConfig& file) {
  const std::string& path = options.control_token_file;
  if (path.empty()) {
    const char* told = std::getenv("ASSAY_CONTROL_TOKEN");
    return told != nullptr && *told != '\0' ? std::string{told} : file.control_token.value_or("");
  }
  std::ifstream stream{path};
  std::string token;
  std::getline(stream, token);
  token.erase(token.find_last_not_of(" \t\r") + 1);
  if (token.empty()) {  // else whoever forgot to write it would be open to everybody
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       path + (stream.is_open() ? ": no token is in its first line" : ": cannot be read")};
  }
  return token;
}

}  // namespace cli
