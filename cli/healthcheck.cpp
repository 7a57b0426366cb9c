#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "oidc/http_client.hpp"
#include "print.hpp"

namespace cli {
namespace {

struct HealthcheckOptions {
  std::string url;
  std::string ca_file;
  int timeout_s = 5;
};

/// The control API of a server that is told its port by the environment, as in a container; "" if it isn't.
std::string default_url() {
  const char* port = std::getenv("ASSAY_CONTROL_PORT");
  return port != nullptr && *port != '\0' ? fmt::format("http://127.0.0.1:{}", port) : "";
}

/// Health, or why not. An issuer answers its discovery document, a control API /v1/health.
oidc::Status probe(const HealthcheckOptions& options) {
  if (options.url.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "which server? Give its URL, or set ASSAY_CONTROL_PORT"};
  }
  const std::chrono::seconds timeout{options.timeout_s};
  oidc::HttpClient http{
      {.connect_timeout = timeout, .read_timeout = timeout, .total_timeout = timeout, .ca_file = options.ca_file}};
  oidc::Error last;
  const std::string base = options.url.ends_with('/') ? options.url.substr(0, options.url.size() - 1) : options.url;
  for (const char* path : {"/.well-known/openid-configuration", "/v1/health"}) {
    const auto reply = http.send({.method = "GET", .url = base + path, .headers = {}, .body = {}});
    if (!reply) {
      return reply.error();
    }
    if (reply->status == 200) {
      return oidc::Done{};
    }
    last = {oidc::Errc::kServer, fmt::format("{}{}: status {}", base, path, reply->status)};
  }
  return last;
}

}  // namespace

void add_healthcheck(CLI::App& app, Context& context) {
  auto options = std::make_shared<HealthcheckOptions>();
  auto* command =
      app.add_subcommand("healthcheck", "Ask a running `assay serve` whether it is well (exit code 0 or 1)");
  command->add_option("URL", options->url,
                      "An issuer's URL or the control URL, as in the ready line; default: the control API at "
                      "$ASSAY_CONTROL_PORT of this machine");
  command->add_option("--ca-file", options->ca_file, "PEM file with the trust anchor for https; default: the system's")
      ->type_name("FILE");
  command->add_option("--timeout", options->timeout_s, "Longest wait for one reply, in seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->callback([options, &context] {
    options->url = options->url.empty() ? default_url() : options->url;
    const auto health = probe(*options);
    if (!health) {
      print_error("assay: {}\n", health.error().message);
    }
    const bool misused = !health && health.error().code == oidc::Errc::kInvalidArgument;
    context.exit_code = health ? kAsExpected : misused ? kUsage : kUnexpected;
  });
}

}  // namespace cli
