#include <cstdio>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "mockserver/issuer.hpp"
#include "mockserver/issuer_clock.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"
#include "print.hpp"
#include "server_file.hpp"

namespace cli {
namespace {

struct MintOptions {
  std::string issuer;
  std::string config;
  std::string kind = "access";
  std::string client = "app";
  std::string sub = "user-1";
  std::string claims = "{}";
  std::string header = "{}";
  std::string sign = "active";
  std::string clock;
  bool jwks = false;
};

oidc::Result<oidc::Json> read_object(const char* option, const std::string& text) {
  auto json = oidc::parse_json(text);
  if (!json || !json->is_object()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       fmt::format("{}: {}", option, json ? "not a JSON object" : json.error().message)};
  }
  return json;
}

/// The issuer's own spelling of its URL: without the slash that `trailing_slash` of the configuration adds.
oidc::Result<std::string> base_url(const std::string& issuer) {
  const auto url = oidc::parse_url(issuer);
  if (!url || !url->query.empty() || !url->fragment.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "--issuer: not an http or https URL without query"};
  }
  return issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
}

oidc::Result<mockserver::TokenSpec> read_spec(const MintOptions& options) {
  auto claims = read_object("--claims", options.claims);
  if (!claims) {
    return std::move(claims).error();
  }
  auto header = read_object("--header", options.header);
  if (!header) {
    return std::move(header).error();
  }
  auto spec = mockserver::parse_token_spec({{"kind", options.kind},
                                            {"client", options.client},
                                            {"sub", options.sub},
                                            {"claims", *std::move(claims)},
                                            {"header", *std::move(header)},
                                            {"sign", options.sign}});
  if (!spec) {
    return oidc::Error{oidc::Errc::kInvalidArgument, spec.error().message};
  }
  return spec;
}

/// From where the configuration has it.
oidc::Result<std::string> jwks_of(mockserver::Issuer& issuer, const std::string& url) {
  const auto get = [&](const std::string& at) {
    return issuer.handle({.method = "GET", .url = at, .headers = {}, .body = ""}).response;
  };
  const auto metadata = oidc::parse_json(get(url + "/.well-known/openid-configuration").body);
  const auto told = metadata ? oidc::string_member(*metadata, "jwks_uri") : std::nullopt;
  auto reply = get(told.value_or(url + "/jwks"));
  if (reply.status != 200) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "--jwks: the configuration has no such endpoint"};
  }
  return std::move(reply.body);
}

struct Chosen {
  mockserver::IssuerConfig config;
  std::string clock;
};

/// The issuer that stands at the URL when the file is served.
oidc::Result<Chosen> choose_issuer(const ServerFile& file, const std::string& url, const MintOptions& options) {
  const auto body = issuer_at(file, url);
  if (!body) {
    return body.error();
  }
  auto config = mockserver::parse_issuer_config(
      mockserver::join_overlays(file.config.defaults, body->value("config", oidc::Json::object())));
  if (!config) {
    return std::move(config).error();
  }
  return Chosen{*std::move(config), options.clock.empty() ? body->value("clock", "system") : options.clock};
}

oidc::Result<std::string> mint(const MintOptions& options) {
  const auto url = base_url(options.issuer);
  if (!url) {
    return url.error();
  }
  const auto file = read_server_file(options.config);
  if (!file) {
    return file.error();
  }
  const auto chosen = choose_issuer(*file, *url, options);
  if (!chosen) {
    return chosen.error();
  }
  const auto clock = mockserver::make_issuer_clock(chosen->clock);
  if (!clock) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "--clock: not a clock"};
  }
  mockserver::Issuer issuer{chosen->config, *url, *clock};
  if (options.jwks) {
    return jwks_of(issuer, *url);
  }
  const auto spec = read_spec(options);
  if (!spec) {
    return spec.error();
  }
  return issuer.mint_token(*spec);
}

}  // namespace

void add_mint(CLI::App& app, Context& context) {
  auto options = std::make_shared<MintOptions>();
  auto* command = app.add_subcommand("mint", "Print a signed token, right or wrong in named ways, and exit");
  command->add_option("--issuer", options->issuer, "The issuer's URL, which is the iss claim")
      ->type_name("URL")
      ->required();
  command
      ->add_option("--config", options->config,
                   "File of `assay serve`: one issuer's configuration, or a server of which the issuer at the path of "
                   "--issuer is taken, or the only one; default: a new issuer")
      ->type_name("FILE");
  command->add_option("--kind", options->kind, "access or id")
      ->check(CLI::IsMember({"access", "id"}))
      ->type_name("KIND")
      ->capture_default_str();
  command->add_option("--client", options->client, "The client it is for")->type_name("ID")->capture_default_str();
  command->add_option("--sub", options->sub, "The user it is about")->type_name("SUB")->capture_default_str();
  command->add_option("--claims", options->claims, "JSON merge patch over the correct claims; null removes one")
      ->type_name("JSON")
      ->capture_default_str();
  command->add_option("--header", options->header, "JSON merge patch over the correct JOSE header")
      ->type_name("JSON")
      ->capture_default_str();
  command->add_option("--sign", options->sign, "Who signs: active, unpublished, none, hs256 or corrupt")
      ->type_name("HOW")
      ->capture_default_str();
  command
      ->add_option("--clock", options->clock,
                   "When: system (now), or an ISO 8601 time with its zone; default: as the file says, else system")
      ->type_name("CLOCK");
  command->add_flag("--jwks", options->jwks, "Print the keys that such tokens are verified with instead; default: off");
  command->footer(
      "The keys are those of an issuer that `assay serve` has at this path with this configuration, as long as they\n"
      "were not rotated: its JWKS verifies the token. Its introspection does not know it.");
  command->callback([options, &context] {
    const auto token = mint(*options);
    if (!token) {
      context.exit_code = fail(token.error());
      return;
    }
    print("{}\n", *token);
    context.exit_code = kAsExpected;
  });
}

}  // namespace cli
