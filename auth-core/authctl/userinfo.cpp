#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

void userinfo(Context& context) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto claims = (*session)->userinfo();
  if (!claims) {
    fail(context, claims.error());
    if (claims.error().oauth_error == "insufficient_scope") {
      note(context.logs_in_by_itself ? "Ask for that scope with --scope."
                                     : "Run `authctl login` with that --scope and the same client options.");
    }
    return;
  }
  print(context, *claims, oidc::to_pretty_text(*claims));
}

}  // namespace

void add_userinfo(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("userinfo", "Print what the server says about who is logged in");
  command->footer(
      "What is about somebody else than the ID token that is kept is refused.\n"
      "\n"
      "Example: authctl --config client.json userinfo\n"
      "\n"
      "Exit codes: 0 printed, 1 a login is needed or something was refused, 2 usage or configuration, 3 the tokens\n"
      "cannot be read, 4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([&context] { userinfo(context); });
}

}  // namespace authctl
