#include "usage.hpp"

#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "oidc/schema.hpp"

namespace authctl {

std::string unknown_command(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> words = app.remaining();
  const bool lacks_command = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (!lacks_command || words.empty() || words.front().starts_with('-')) {
    return "";
  }
  const CLI::App* level = &app;  // "jwt decode" is a command of a command
  while (!level->get_subcommands().empty()) {
    level = level->get_subcommands().front();
  }
  std::vector<std::string> names;
  for (const CLI::App* command : level->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (names.empty()) {
    return "";  // it lacks something else
  }
  const std::string hint = oidc::did_you_mean(words.front(), names);
  return fmt::format("no command \"{}\"{}", words.front(),
                     hint.empty() ? fmt::format(" (there are: {})", fmt::join(names, ", ")) : hint);
}

}  // namespace authctl
