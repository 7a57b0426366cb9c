#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace oidc {

/// What to say of a command line instead of the words of `error`, which `app.parse` threw: the command, option or
/// argument that does not exist, and the nearest; the environment variable that a wrong value came from. "" if CLI11's
/// own words will do.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error);

/// Prints help, or what is wrong with the command line. False if it is nothing but help.
bool tell_usage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace oidc
