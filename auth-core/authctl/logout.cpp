#include <memory>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "kept_token.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

bool is_unsupported(const oidc::Error& error) {
  return error.code == oidc::Errc::kUnsupportedByClient || error.code == oidc::Errc::kUnsupportedByServer;
}

/// Both tokens, as far as they are there; the first failure counts, and stops nothing.
oidc::Status revoke_all(Session& session) {
  oidc::Status result = oidc::Done{};
  for (const char* kind : {"refresh", "access"}) {
    const auto token = kept_token(session, kind);
    if (!token) {
      continue;
    }
    const auto revoked = kind == std::string{"refresh"} ? session.client().revoke_refresh_token(*token)
                                                        : session.client().revoke_access_token(*token);
    if (!revoked && !is_unsupported(revoked.error()) && result) {
      result = revoked.error();
    }
  }
  return result;
}

void logout(Context& context, bool keep_at_server) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const oidc::Status revoked = keep_at_server ? oidc::Status{oidc::Done{}} : revoke_all(**session);
  const auto forgotten = (*session)->authenticator().forget();
  if (!forgotten) {
    return fail(context, forgotten.error());
  }
  if (!revoked) {
    note("The tokens are no longer kept here, but the server may still accept them:");
    return fail(context, revoked.error());
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
