#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
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
#include "scenarios/document.hpp"

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
  std::string clock = "system";
  int threads = 2;
  bool no_stdin = false;
};

/// What the caller wrote is right and the machine refuses it: exit code 3, not 2.
oidc::Error refused(oidc::Error error) {
  error.code = oidc::Errc::kUnknown;
  return error;
}

using Identity = std::shared_ptr<const mockserver::TlsIdentity>;

/// Null for plain http.
oidc::Result<Identity> choose_identity(const Options& options) {
  const bool given = !options.cert.empty() || !options.key.empty();
  if (!given && options.tls == "none") {
    return Identity{};
  }
  auto identity = given ? mockserver::load_tls_identity(options.cert, options.key) : mockserver::make_tls_identity();
  if (!identity) {
    return refused(std::move(identity).error());
  }
  return std::make_shared<const mockserver::TlsIdentity>(*std::move(identity));
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

/// Where the file stands in the request that makes the first issuer.
constexpr std::string_view kConfig = "/config";

/// What the control API said, at the place in the file that its pointer leads to.
std::string complaint(const oidc::Json& answer, const scenarios::Document& config, const std::string& file) {
  std::string sentence = oidc::string_member(answer, "detail").value_or("the issuer cannot be made");
  if (const auto expected = oidc::string_member(answer, "expected")) {
    sentence += " (expected " + *expected + ")";
  }
  if (const auto suggestion = oidc::string_member(answer, "suggestion")) {
    sentence += "; did you mean " + *suggestion + "?";
  }
  const std::string pointer = oidc::string_member(answer, "pointer").value_or("");
  if (file.empty() || !pointer.starts_with(kConfig)) {
    return pointer + ": " + sentence;
  }
  const auto below = pointer.substr(kConfig.size());
  const bool about_key = sentence.starts_with("unknown key");
  const auto place = about_key ? config.key_place_of(below) : config.place_of(below);
  return scenarios::to_lines({{place, sentence}}, file);
}

/// Makes the first issuer as anybody would: through the control API. Returns its URL.
/// Errors: `kBadInput` as file:line:column.
oidc::Result<std::string> create_issuer(mockserver::Control& control, const Options& options) {
  scenarios::Document config;
  config.value = oidc::Json::object();
  if (!options.config.empty()) {
    auto document = scenarios::read_document(options.config);
    if (!document) {
      return std::move(document).error();
    }
    config = *std::move(document);
  }
  const oidc::Json body = {{"name", options.issuer}, {"clock", options.clock}, {"config", config.value}};
  const auto reply = control.handle({.method = "POST",
                                     .url = "http://control.invalid/v1/issuers",
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = oidc::to_text(body)});
  const auto answer = oidc::parse_json(reply.reply.response.body);
  if (!answer) {
    return answer.error();
  }
  if (auto url = oidc::string_member(*answer, "issuer"); url && reply.reply.response.status == 201) {
    return *std::move(url);
  }
  return oidc::Error{oidc::Errc::kBadInput, complaint(*answer, config, options.config)};
}

/// The issuers' listener. Their origin holds the port, and the port is known once the server
/// listens: a request that comes sooner waits for them.
struct IssuerServer {
  std::optional<mockserver::Issuers> issuers;
  std::promise<mockserver::Handler> handler;
  std::unique_ptr<mockserver::Server> server;  // the last member: it goes before what it serves

  oidc::Status start(mockserver::ServerOptions options) {
    auto started = mockserver::Server::start(
        std::move(options),
        [future = handler.get_future().share()](const oidc::HttpRequest& request) { return future.get()(request); });
    if (!started) {
      return refused(std::move(started).error());
    }
    server = *std::move(started);
    issuers.emplace(server->origin());
    handler.set_value(mockserver::issuer_handler(*issuers));
    return oidc::Done{};
  }
};

oidc::Status serve(const Options& options) {
  const Leash leash{!options.no_stdin};
  const auto identity = choose_identity(options);
  if (!identity) {
    return identity.error();
  }
  IssuerServer issuing;
  if (auto started =
          issuing.start({.host = options.host, .port = options.port, .tls = *identity, .threads = options.threads});
      !started) {
    return started;
  }
  mockserver::Control control{*issuing.issuers, *identity ? (*identity)->ca_pem : ""};
  control.attach(*issuing.server);
  const auto issuer = create_issuer(control, options);
  if (!issuer) {
    return issuer.error();
  }
  const auto control_server =
      mockserver::Server::start({.host = options.control_host, .port = options.control_port, .blocking_handlers = true},
                                mockserver::control_handler(control));
  if (!control_server) {
    return refused(control_server.error());
  }
  print_ready_line(*issuer, (*control_server)->origin(), *identity && !(*identity)->ca_pem.empty());
  auto ended = leash.wait();
  control.end_waits();
  return ended;
}

void add_listeners(CLI::App& command, Options& options) {
  command.add_option("--host", options.host, "Address the issuers listen on")->type_name("HOST")->capture_default_str();
  command.add_option("--port", options.port, "Port of the issuers; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command
      .add_option("--control-host", options.control_host,
                  "Address the control API listens on; it has no access control")
      ->type_name("HOST")
      ->capture_default_str();
  command.add_option("--control-port", options.control_port, "Port of the control API; 0: any free one")
      ->type_name("PORT")
      ->capture_default_str();
  command.add_option("--threads", options.threads, "I/O threads of the issuers' listener")
      ->type_name("COUNT")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

void add_tls(CLI::App& command, Options& options) {
  auto* tls =
      command
          .add_option("--tls", options.tls,
                      "none: plain http; auto: https with a certificate authority made at start, whose certificate is "
                      "at ca_pem_url of the ready line")
          ->check(CLI::IsMember({"none", "auto"}))
          ->type_name("MODE")
          ->capture_default_str();
  auto* cert = command.add_option("--cert", options.cert, "https with this certificate chain (PEM); default: none")
                   ->type_name("FILE");
  auto* key =
      command.add_option("--key", options.key, "The certificate's private key (PEM); default: none")->type_name("FILE");
  cert->needs(key)->excludes(tls);
  key->needs(cert);
}

void add_first_issuer(CLI::App& command, Options& options) {
  command
      .add_option("--config", options.config,
                  "Issuer configuration (YAML, or JSON by its name) laid over the default one; default: none")
      ->type_name("FILE");
  command.add_option("--issuer", options.issuer, "Name of the first issuer, the last segment of its URL")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--clock", options.clock,
                  "The first issuer's clock: system, virtual (stands still now until the control API moves it), or an "
                  "ISO 8601 time to stand still at")
      ->type_name("CLOCK")
      ->capture_default_str();
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("serve", "Serve issuers and the control API until stdin closes or SIGTERM");
  add_listeners(*command, *options);
  add_tls(*command, *options);
  add_first_issuer(*command, *options);
  command->add_flag("--no-stdin", options->no_stdin, "Go on when stdin closes, as a service does; default: off");
  command->footer("Prints one line of JSON when ready: issuer, discovery, control, pid, and with TLS ca_pem_url.");
  command->callback([options, &context] {
    const auto served = serve(*options);
    context.exit_code = served ? kAsExpected : fail(served.error());
  });
}

}  // namespace cli
