#include <memory>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

void logout(Context& context, bool keep_at_server) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto ended = (*session)->log_out(!keep_at_server);
  if (!ended) {
    if (!oidc::is_kind_of(ended.error().code, oidc::Errc::kStorage)) {
      note("The tokens are no longer kept here, but the server may still accept them:");
    }
    return fail(context, ended.error());
  }
  print(context, {{"logged_out", true}}, "Logged out.");
}

}  // namespace

void add_logout(CLI::App& app, Context& context) {
  auto keep_at_server = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("logout", "Revoke the tokens, as far as the server can, and forget them");
  command->add_flag("--no-revoke", *keep_at_server, "Only forget them here; default: the server is told too");
  command->footer(
      "Nobody being logged in is no error.\n"
      "\n"
      "Example: authctl --config client.json logout\n"
      "\n"
      "Exit codes: 0 logged out, 1 forgotten but the server refused the revocation, 2 usage or configuration, 3 the\n"
      "tokens could not be removed, 4 forgotten but the server gave no usable answer, 130 Ctrl-C.");
  command->callback([keep_at_server, &context] { logout(context, *keep_at_server); });
}

}  // namespace authctl
