#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "input.hpp"
#include "kept_token.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

struct IntrospectionOptions {
  std::string kind = "access";
  bool from_stdin = false;
};

oidc::Result<oidc::Json> ask(Session& session, const IntrospectionOptions& options) {
  const auto token =
      options.from_stdin ? read_token_from_stdin(session.stop_token()) : kept_token(session, options.kind);
  if (!token) {
    return token.error();
  }
  if (options.kind == "refresh") {
    return session.client().validate_refresh_token_remote(*token);
  }
  return options.kind == "id" ? session.client().validate_id_token_remote(*token)
                              : session.client().validate_access_token_remote(*token);
}

void introspect(Context& context, const IntrospectionOptions& options) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto reply = ask(**session, options);
  if (!reply) {
    return fail(context, reply.error());
  }
  print(context, *reply, oidc::to_pretty_text(*reply));
}

}  // namespace

void add_introspect(CLI::App& app, Context& context) {
  auto options = std::make_shared<IntrospectionOptions>();
  auto* command = app.add_subcommand("introspect", "Ask the server about a token (RFC 7662) and print its answer");
  command->add_option("--type", options->kind, "access, refresh or id")
      ->type_name("KIND")
      ->check(CLI::IsMember({"access", "refresh", "id"}))
      ->capture_default_str();
  command->add_flag("--stdin", options->from_stdin,
                    "Read the token from standard input; default: the one that is kept");
  command->footer(
      "The token that is kept is shown as it is, not renewed.\n"
      "\n"
      "Example: authctl --config client.json introspect --type refresh\n"
      "\n"
      "Exit codes: 0 active, 1 not active or nobody is logged in, 2 usage or configuration, 3 the tokens cannot be\n"
      "read, 4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([options, &context] { introspect(context, *options); });
}

}  // namespace authctl
