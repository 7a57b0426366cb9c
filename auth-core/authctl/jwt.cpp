#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "authcore/decoded_token.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"

namespace authctl {
namespace {

void decode(Context& context, const std::string& argument) {
  const auto token = argument.empty() ? read_token_from_stdin(context.stop) : argument;
  if (!token) {
    return fail(context, token.error());
  }
  const auto decoded = authcore::decode_unverified(*token);
  if (!decoded) {
    return fail(context, decoded.error());
  }
  note("Not verified: anybody could have written this.");
  const oidc::Json parts{{"header", decoded->header}, {"payload", decoded->payload}};
  print(context, parts, oidc::to_pretty_text(parts));
}

}  // namespace

void add_jwt(CLI::App& app, Context& context) {
  auto token = std::make_shared<std::string>();
  auto* jwt = app.add_subcommand("jwt", "Look into JSON Web Tokens");
  jwt->require_subcommand(1);
  jwt->fallthrough();
  auto* command = jwt->add_subcommand("decode", "Print header and claims of a JWT, without checking anything");
  command->add_option("TOKEN", *token, "The token; default: read from standard input, where other users cannot see it");
  command->footer(
      "Needs no client options.\n"
      "\n"
      "Example: authctl --config client.json token | authctl jwt decode\n"
      "\n"
      "Exit codes: 0 printed, 1 not a JWT, 2 usage.");
  command->callback([token, &context] { decode(context, *token); });
}

}  // namespace authctl
