#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

void refresh(Context& context) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto renewed = (*session)->refresh_now();
  if (!renewed) {
    return fail(context, renewed.error());
  }
  print(context, summary(*renewed), "Refreshed. The access token " + expiry_text(*renewed));
}

}  // namespace

void add_refresh(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("refresh", "Redeem the refresh token now, due or not, and keep what comes");
  command->footer(
      "`authctl token` refreshes by itself when it is due.\n"
      "\n"
      "Example: authctl --config client.json refresh\n"
      "\n"
      "Exit codes: 0 refreshed, 1 there is no refresh token or it was refused, 2 usage or configuration, 3 the tokens\n"
      "cannot be read or kept, 4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([&context] { refresh(context); });
}

}  // namespace authctl
