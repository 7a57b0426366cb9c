#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "leash.hpp"
#include "mockserver/control.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "mockserver/serving.hpp"
#include "oidc/json.hpp"

namespace cli {
namespace {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string tls = "none";
  std::string cert;
  std::string key;
  std::string control_host = "127.0.0.1";
  std::uint16_t control_port = 0;
  std::string config;
  std::string issuer = "main";
  bool no_stdin = false;
};

using Identity = std::shared_ptr<const mockserver::TlsIdentity>;

/// Null for plain http.
oidc::Result<Identity> choose_identity(const Options& options) {
  const bool given = !options.cert.empty() || !options.key.empty();
  if (!given && options.tls == "none") {
    return Identity{};
  }
  auto identity = given ? mockserver::load_tls_identity(options.cert, options.key) : mockserver::make_tls_identity();
  if (!identity) {
    return std::move(identity).error();
  }
  return std::make_shared<const mockserver::TlsIdentity>(*std::move(identity));
}

/// The overlay on the default issuer. Errors: `kBadInput` naming the file.
oidc::Result<oidc::Json> read_config(const std::string& file) {
  if (file.empty()) {
    return oidc::Json::object();
  }
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf())) {
    return oidc::Error{oidc::Errc::kBadInput, file + ": cannot be read"};
  }
  auto json = oidc::parse_json(text.str());
  if (!json) {
    return oidc::Error{oidc::Errc::kBadInput, file + ": " + json.error().message};
  }
  return json;
}

void print_ready_line(const std::string& issuer, const std::string& control, bool tls) {
  oidc::Json line = {{"issuer", issuer},
                     {"discovery", issuer + "/.well-known/openid-configuration"},
                     {"control", control},
                     {"pid", getpid()}};
  if (tls) {
    line["ca_pem_url"] = control + "/v1/ca.pem";
  }
  fmt::print("{}\n", oidc::to_text(line));
  std::fflush(stdout);
}

oidc::Status serve(const Options& options) {
  const Leash leash{!options.no_stdin};
  const auto identity = choose_identity(options);
  if (!identity) {
    return identity.error();
  }
  const auto config = read_config(options.config);
  if (!config) {
    return config.error();
  }
  // The issuers' origin holds the port, and the port is known once the server listens: a
  // request that comes sooner waits for them.
  std::promise<mockserver::Handler> promise;
  const std::shared_future<mockserver::Handler> handler = promise.get_future().share();
  const auto server =
      mockserver::Server::start({.host = options.host, .port = options.port, .tls = *identity},
                                [handler](const oidc::HttpRequest& request) { return handler.get()(request); });
  if (!server) {
    return server.error();
  }
  mockserver::Issuers issuers{(*server)->origin()};
  promise.set_value(mockserver::issuer_handler(issuers));
  mockserver::Control control{issuers, *identity ? (*identity)->ca_pem : ""};
  const auto control_server =
      mockserver::Server::start({.host = options.control_host, .port = options.control_port, .blocking_handlers = true},
                                [&control](const oidc::HttpRequest& request) { return control.handle(request); });
  if (!control_server) {
    return control_server.error();
  }
  return leash.wait();
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("serve", "Serve issuers and the control API until stdin closes or SIGTERM");
  command->add_option("--host", options->host, "Address the issuers listen on")
      ->type_name("HOST")
      ->capture_default_str();
  command->add_option("--port", options->port, "Port of the issuers; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  auto* tls =
      command
          ->add_option("--tls", options->tls,
                       "none: plain http; auto: https with a certificate authority made at start, whose certificate is "
                       "at ca_pem_url of the ready line")
          ->check(CLI::IsMember({"none", "auto"}))
          ->type_name("MODE")
          ->capture_default_str();
  auto* cert = command->add_option("--cert", options->cert, "https with this certificate chain (PEM); default: none")
                   ->type_name("FILE");
  auto* key = command->add_option("--key", options->key, "The certificate's private key (PEM); default: none")
                  ->type_name("FILE");
  cert->needs(key)->excludes(tls);
  key->needs(cert);
  command
      ->add_option("--control-host", options->control_host,
                   "Address the control API listens on; it has no access control")
      ->type_name("HOST")
      ->capture_default_str();
  command->add_option("--control-port", options->control_port, "Port of the control API; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command
      ->add_option("--config", options->config,
                   "Issuer configuration laid over the default one (docs/issuer.md); default: none")
      ->type_name("FILE");
  command->add_option("--issuer", options->issuer, "Name of the first issuer, the last segment of its URL")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_flag("--no-stdin", options->no_stdin, "Go on when stdin closes, as a service does; default: off");
  command->footer("Prints one line of JSON when ready: issuer, discovery, control, pid, and with TLS ca_pem_url.");
  command->callback([options, &context] {
    const auto served = serve(*options);
    context.exit_code = served ? kAsExpected : fail(served.error());
  });
}

}  // namespace cli
