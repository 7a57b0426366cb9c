#include <memory>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "session.hpp"

namespace authctl {
namespace {

void token(Context& context, bool as_header) {
  const auto session = Session::open(context);
  if (!session) {
    return fail(context, session.error());
  }
  const auto authorization = (*session)->authorization();
  if (!authorization) {
    return fail(context, authorization.error());
  }
  const std::string header = "Authorization: " + authorization->header_value();
  oidc::Json result{{"token", authorization->token}, {"header", header}};
  if (const auto held = (*session)->stored()) {
    result.update(summary(*held));
  }
  print(context, result, as_header ? header : authorization->token);
}

}  // namespace

void add_token(CLI::App& app, Context& context) {
  auto as_header = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("token", "Print the access token, renewed if that is due");
  command->add_flag("--header", *as_header, "Print the whole header line; default: the token alone");
  command->footer(
      "Never asks anybody: clients that log in unattended do so, others need a login first.\n"
      "\n"
      "Example: curl -H \"$(authctl --config client.json token --header)\" https://api.example.com/\n"
      "\n"
      "Exit codes: 0 printed, 1 a login is needed or was refused, 2 usage or configuration, 3 the tokens cannot be\n"
      "read, 4 no usable answer from the server, 130 Ctrl-C.");
  command->callback([as_header, &context] { token(context, *as_header); });
}

}  // namespace authctl
