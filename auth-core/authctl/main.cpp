#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "output.hpp"
#include "usage.hpp"

namespace {

constexpr const char* kFooter =
    "Results go to stdout, everything else to stderr. Secrets are never options: other users could see them.\n"
    "\n"
    "Exit codes: 0 done, 1 refused (the server or the user said no, a token is not valid, a login is needed),\n"
    "2 wrong usage or configuration, 3 tokens cannot be read or kept, 4 no usable answer from the server, or none\n"
    "in time, 130 cancelled by Ctrl-C.\n"
    "\n"
    "Example: authctl --auth-server https://login.example.com --client-id app --client-type oidc_device_code login";

void describe(CLI::App& app, authctl::Context& context) {
  app.name("authctl");
  app.set_version_flag("--version", "authctl " AUTHCTL_VERSION, "Print the version and exit");
  app.add_flag("--json", context.as_json, "Print one JSON object on stdout, also for errors; default: text");
  authctl::add_client_options(app, context.client);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer("Client types:" + authctl::list_client_types() + "\n\n" + kFooter);
  authctl::add_login(app, context);
  authctl::add_token(app, context);
  authctl::add_refresh(app, context);
  authctl::add_validate(app, context);
  authctl::add_introspect(app, context);
  authctl::add_revoke(app, context);
  authctl::add_userinfo(app, context);
  authctl::add_logout(app, context);
  authctl::add_jwt(app, context);
}

/// Also where the options could not be read, --json gets its one object.
int usage_error(CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const bool as_json =
      std::any_of(argv, argv + argc, [](const char* word) { return std::string_view{word} == "--json"; });
  if (error.get_exit_code() == 0 || !as_json) {
    return oidc::tell_usage(app, error) ? authctl::kUsage : authctl::kDone;
  }
  const std::string problem = oidc::usage_problem(app, error);
  authctl::Context context;
  context.as_json = true;
  authctl::fail(context, {oidc::Errc::kInvalidArgument, problem.empty() ? error.what() : problem});
  return context.exit_code;
}

}  // namespace

int main(int argc, char** argv) try {
  std::signal(SIGPIPE, SIG_IGN);
  const authctl::Interrupt interrupt;
  CLI::App app{"Logs in at OAuth 2.0 and OpenID Connect servers and looks after the tokens."};
  authctl::Context context;
  context.stop = interrupt.token();
  describe(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, argc, argv);
  }
  return context.exit_code;
} catch (const std::exception& error) {
  authctl::note(std::string{"authctl: "} + error.what());
  return authctl::kStorage;
}
