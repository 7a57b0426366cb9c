#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "input.hpp"
#include "kept_token.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

struct ValidationOptions {
  bool remote = false;
  bool is_id_token = false;
  bool from_stdin = false;
  std::vector<std::string> claims;
  std::vector<std::string> scopes;
};

oidc::Result<std::string> token_of(Session& session, const ValidationOptions& options) {
  if (options.from_stdin) {
    return read_token_from_stdin(session.stop_token());
  }
  return options.is_id_token ? kept_token(session, "id") : session.access_token();
}

/// Only clients of OpenID Connect have one, and cannot check access tokens without.
bool lacks_audience(authcore::AuthClient& client) {
  return client.credential_kind() == authcore::CredentialKind::kOidc && client.audience().empty();
}

oidc::Result<oidc::Json> check(authcore::AuthClient& client, const std::string& token,
                               const ValidationOptions& options) {
  if (options.remote) {
    return options.is_id_token ? client.validate_id_token_remote(token) : client.validate_access_token_remote(token);
  }
  if (options.is_id_token) {
    return client.validate_id_token_local(token);
  }
  return client.validate_access_token_local(
      token, {.audience = {}, .required_claims = options.claims, .scopes_anyof = options.scopes});
}

void validate(Context& context, const ValidationOptions& options) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  if (!options.remote && !options.is_id_token && lacks_audience((*session)->client())) {
    return fail(context, {oidc::Errc::kConfig,
                          "audiences: what the token must be for is not given; name it with --audience or in the file "
                          "of --config, or let the server judge with --remote"});
  }
  const auto token = token_of(**session, options);
  if (!token) {
    return fail(context, token.error());
  }
  const auto claims = check((*session)->client(), *token, options);
  if (!claims) {
    return fail(context, claims.error());
  }
  note("The token is valid.");
  print(context, *claims, oidc::to_pretty_text(*claims));
}

}  // namespace

void add_validate(CLI::App& app, Context& context) {
  auto options = std::make_shared<ValidationOptions>();
  auto* command = app.add_subcommand("validate", "Check a token and print its claims");
  auto* remote =
      command->add_flag("--remote", options->remote,
                        "Ask the server (RFC 7662); default: check signature and claims here, with the server's keys");
  auto* id_token = command->add_flag("--id-token", options->is_id_token, "The ID token; default: the access token");
  command->add_flag("--stdin", options->from_stdin,
                    "Read the token from standard input; default: the one that is kept");
  command->add_option("--require-claim", options->claims, "Claim that must be there; may be repeated; default: none")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->excludes(remote)
      ->excludes(id_token);
  command->add_option("--any-scope", options->scopes, "One of these must be granted; may be repeated; default: none")
      ->type_name("SCOPE")
      ->allow_extra_args(false)
      ->excludes(remote)
      ->excludes(id_token);
  command->footer(
      "Access tokens are checked here for the audience of the configuration or of --audience.\n"
      "\n"
      "Examples:\n"
      "  authctl --config client.json validate\n"
      "  authctl --config api.json validate --stdin --any-scope read <token.txt\n"
      "\n"
      "Exit codes: 0 valid, 1 not valid or a login is needed, 2 usage or configuration, 3 the tokens cannot be read,\n"
      "4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([options, &context] { validate(context, *options); });
}

}  // namespace authctl
