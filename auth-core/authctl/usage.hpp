#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace authctl {

/// What to say of a command line whose command does not exist, of which CLI11 says only that one is required; "" if
/// `error`, which `app.parse` threw, has another reason.
std::string unknown_command(const CLI::App& app, const CLI::ParseError& error);

}  // namespace authctl
