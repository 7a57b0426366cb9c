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

struct RevocationOptions {
  std::string kind = "refresh";
  bool from_stdin = false;
};

void revoke(Context& context, const RevocationOptions& options) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto token =
      options.from_stdin ? read_token_from_stdin((*session)->stop_token()) : kept_token(**session, options.kind);
  if (!token) {
    return fail(context, token.error());
  }
  authcore::AuthClient& client = (*session)->client();
  const auto revoked =
      options.kind == "refresh" ? client.revoke_refresh_token(*token) : client.revoke_access_token(*token);
  if (!revoked) {
    return fail(context, revoked.error());
  }
  print(context, {{"revoked", options.kind}}, "The server accepted the revocation of the " + options.kind + " token.");
}

}  // namespace

void add_revoke(CLI::App& app, Context& context) {
  auto options = std::make_shared<RevocationOptions>();
  auto* command = app.add_subcommand("revoke", "Tell the server to forget a token (RFC 7009)");
  command->add_option("--type", options->kind, "access or refresh")
      ->type_name("KIND")
      ->check(CLI::IsMember({"access", "refresh"}))
      ->capture_default_str();
  command->add_flag("--stdin", options->from_stdin,
                    "Read the token from standard input; default: the one that is kept");
  command->footer(
      "What is kept here stays; `authctl logout` revokes and forgets.\n"
      "\n"
      "Example: authctl --config client.json revoke --type access\n"
      "\n"
      "Exit codes: 0 revoked, 1 refused or nobody is logged in, 2 usage or configuration, 3 the tokens cannot be "
      "read,\n"
      "4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([options, &context] { revoke(context, *options); });
}

}  // namespace authctl
