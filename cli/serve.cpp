#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "leash.hpp"
#include "mockserver/control.hpp"
#include "mockserver/issuer_clock.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "mockserver/serving.hpp"
#include "mockserver/state_file.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"
#include "print.hpp"
#include "serve_options.hpp"
#include "server_file.hpp"

namespace cli {
namespace {

/// What the caller wrote is right and the machine refuses it: exit code 3, not 2.
oidc::Error refused(oidc::Error error) {
  error.code = oidc::Errc::kUnknown;
  return error;
}

using Identity = std::shared_ptr<const mockserver::TlsIdentity>;

/// Null for plain http.
oidc::Result<Identity> choose_identity(const ServeOptions& options) {
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

/// The URLs of the issuers that were made at start, by name.
using Urls = std::map<std::string, std::string>;

void print_ready_line(const Urls& urls, const std::string& first, const std::string& control, bool tls) {
  const std::string& issuer = urls.at(first);
  oidc::Json line = {{"issuer", issuer},
                     {"discovery", issuer + "/.well-known/openid-configuration"},
                     {"control", control},
                     {"pid", getpid()}};
  if (urls.size() > 1) {
    line["issuers"] = urls;
  }
  if (tls) {
    line["ca_pem_url"] = control + "/v1/ca.pem";
  }
  print("{}\n", oidc::to_text(line));
  std::fflush(stdout);
}

/// The option that a member of a request's body comes from, told in the place of its pointer.
std::string option_of(const std::string& pointer) {
  return pointer == "/name" ? "--issuer" : "--" + pointer.substr(std::min<std::size_t>(1, pointer.size()));
}

/// What the control API said, at the place in the file that its pointer leads to. `prefix` is where the request's
/// body stands in the file.
std::string complaint(const oidc::Json& answer, const ServerFile& file, const std::string& prefix) {
  const auto member = [&](const char* name) { return oidc::string_member(answer, name).value_or(""); };
  std::string pointer = member("pointer");
  // One issuer's file is the configuration itself.
  constexpr std::string_view kConfig = "/config";
  const bool inside = file.of_server || pointer.starts_with(kConfig);
  pointer = file.of_server ? prefix + pointer : inside ? pointer.substr(kConfig.size()) : option_of(pointer);
  const ServerFile nowhere;
  return to_line({pointer, member("detail"), member("expected"), member("suggestion")}, inside ? file : nowhere);
}

/// Makes an issuer as anybody would: through the control API. Returns its URL. Errors: `kBadInput` as file:line:column.
oidc::Result<std::string> create_issuer(mockserver::Control& control, const ServeOptions& options,
                                        const std::string& name, oidc::Json body, const ServerFile& file) {
  body["name"] = name;
  oidc::Headers headers = {{"Content-Type", "application/json"}};
  if (!options.control_token.empty()) {
    headers.add("Authorization", "Bearer " + options.control_token);
  }
  const auto reply = control.handle(
      {.method = "POST", .url = "http://control.invalid/v1/issuers", .headers = headers, .body = oidc::to_text(body)});
  const auto answer = oidc::parse_json(reply.reply.response.body);
  if (!answer) {
    return answer.error();
  }
  if (auto url = oidc::string_member(*answer, "issuer"); url && reply.reply.response.status == 201) {
    return *std::move(url);
  }
  return oidc::Error{oidc::Errc::kBadInput, complaint(*answer, file, "/issuers/" + name)};
}

/// The issuers of the file, or the one of the command line.
oidc::Result<Urls> create_issuers(mockserver::Control& control, const ServeOptions& options, const ServerFile& file) {
  std::map<std::string, oidc::Json> bodies = file.config.issuers;
  if (bodies.empty()) {
    oidc::Json& only = bodies[options.issuer];
    only = {{"clock", options.clock}};
    if (!file.of_server) {
      only["config"] = file.document.value;
    }
  }
  Urls urls;
  for (const auto& [name, body] : bodies) {
    auto url = create_issuer(control, options, name, body, file);
    if (!url) {
      return std::move(url).error();
    }
    urls.emplace(name, *std::move(url));
  }
  return urls;
}

/// The issuers' listener. Their origin holds the port, and the port is known once the server
/// listens: a request that comes sooner waits for them.
struct IssuerServer {
  std::optional<mockserver::Issuers> issuers;
  std::promise<mockserver::Handler> handler;
  std::unique_ptr<mockserver::Server> server;  // the last member: it goes before what it serves

  oidc::Status start(mockserver::ServerOptions options, const ServeOptions& told) {
    auto started = mockserver::Server::start(
        std::move(options),
        [future = handler.get_future().share()](const oidc::HttpRequest& request) { return future.get()(request); });
    if (!started) {
      return refused(std::move(started).error());
    }
    server = *std::move(started);
    issuers.emplace(told.external_url.empty() ? server->origin() : told.external_url);
    if (told.trust_forwarded) {
      issuers->follow_requests();
    }
    handler.set_value(mockserver::issuer_handler(*issuers, {.trust_forwarded = told.trust_forwarded}));
    return oidc::Done{};
  }
};

/// An API that can do everything is not for everybody who can reach the machine.
oidc::Status check_control(const ServeOptions& options) {
  if (oidc::is_loopback_host(options.control_host) || !options.control_token.empty()) {
    return oidc::Done{};
  }
  return oidc::Error{oidc::Errc::kInvalidArgument,
                     "at " + options.control_host +
                         " the control API needs a token: --control-token-file, $ASSAY_CONTROL_TOKEN, or control.token "
                         "of the configuration"};
}

/// The origin as `iss` begins with it: "HTTPS://Login.example:443/" is "https://login.example".
oidc::Result<std::string> read_external_url(const std::string& text) {
  if (text.empty()) {
    return text;
  }
  const auto url = oidc::parse_url(text);
  if (!url || url->path != "/" || !url->query.empty() || !url->fragment.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the external URL must be an origin, as https://login.example"};
  }
  return url->origin();
}

oidc::Status allow_unknown(mockserver::Issuers& issuers, const ServeOptions& options, const ServerFile& file) {
  if (!options.auto_issuers) {
    return oidc::Done{};
  }
  if (!mockserver::make_issuer_clock(options.clock)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "--clock: not a clock"};
  }
  const bool one_issuer = !file.of_server;
  const auto config = mockserver::parse_issuer_config(one_issuer ? file.document.value : file.config.defaults);
  if (!config) {
    return config.error();
  }
  issuers.create_unknown(
      {.config = *config, .clock = [clock = options.clock] { return mockserver::make_issuer_clock(clock); }});
  return oidc::Done{};
}

oidc::Status serve(const ServeOptions& options, const ServerFile& file) {
  const Leash leash{!options.no_stdin};
  const auto identity = choose_identity(options);
  if (!identity) {
    return identity.error();
  }
  IssuerServer issuing;
  if (auto started = issuing.start(
          {.host = options.host, .port = options.port, .tls = *identity, .threads = options.threads}, options);
      !started) {
    return started;
  }
  mockserver::Control control{*issuing.issuers,
                              mockserver::ControlOptions{.ca_pem = *identity ? (*identity)->ca_pem : "",
                                                         .token = options.control_token,
                                                         .defaults = file.config.defaults}};
  control.attach(*issuing.server);
  const auto urls = create_issuers(control, options, file);
  if (!urls) {
    return urls.error();
  }
  if (auto allowed = allow_unknown(*issuing.issuers, options, file); !allowed) {
    return allowed;
  }
  std::unique_ptr<mockserver::StateFile> state;
  if (!options.state.empty()) {
    auto opened = mockserver::StateFile::open(options.state, *issuing.issuers);
    if (!opened) {
      return opened.error();
    }
    state = *std::move(opened);
  }
  const auto control_server =
      mockserver::Server::start({.host = options.control_host, .port = options.control_port, .blocking_handlers = true},
                                mockserver::control_handler(control));
  if (!control_server) {
    return refused(control_server.error());
  }
  const std::string first = urls->contains(options.issuer) ? options.issuer : urls->begin()->first;
  print_ready_line(*urls, first, (*control_server)->origin(), *identity && !(*identity)->ca_pem.empty());
  auto ended = leash.wait();
  control.end_waits();
  return ended;
}

/// Everything that can be refused before anything listens.
oidc::Status prepare_and_serve(const CLI::App& command, ServeOptions options) {
  const auto file = read_server_file(options.config);
  if (!file) {
    return file.error();
  }
  lay_below(command, file->config, options);
  auto token = read_control_token(options, file->config);
  if (!token) {
    return token.error();
  }
  options.control_token = *std::move(token);
  if (auto checked = check_control(options); !checked) {
    return checked;
  }
  auto external = read_external_url(options.external_url);
  if (!external) {
    return external.error();
  }
  options.external_url = *std::move(external);
  options.trust_forwarded = options.trust_forwarded && options.external_url.empty();
  return serve(options, *file);
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("serve", "Serve issuers and the control API until stdin closes or SIGTERM");
  add_serve_options(*command, *options);
  command->footer(
      "Prints one line of JSON when ready: issuer, discovery, control, pid, with TLS ca_pem_url, with several issuers\n"
      "all their URLs. Options go before environment variables, those before the file.");
  command->callback([options, command, &context] {
    const auto served = prepare_and_serve(*command, *options);
    context.exit_code = served ? kAsExpected : fail(served.error());
  });
}

}  // namespace cli
