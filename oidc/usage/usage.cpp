#include "usage.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "oidc/clean_text.hpp"
#include "oidc/schema.hpp"

namespace oidc {
namespace {

/// The commands that were named, from the program on: "jwt decode" is a command of a command.
std::vector<const CLI::App*> named_levels(const CLI::App& app) {
  std::vector<const CLI::App*> levels{&app};
  while (!levels.back()->get_subcommands().empty()) {
    levels.push_back(levels.back()->get_subcommands().front());
  }
  return levels;
}

/// "assay serve"
std::string name_of(const std::vector<const CLI::App*>& levels) {
  std::string name;
  for (const CLI::App* level : levels) {
    name += (name.empty() ? "" : " ") + level->get_name();
  }
  return name;
}

/// Those of the named command and, as all fall through, of the levels above it.
std::vector<const CLI::Option*> options_of(const std::vector<const CLI::App*>& levels) {
  std::vector<const CLI::Option*> all;
  for (const CLI::App* level : levels) {
    const std::vector<const CLI::Option*> here = level->get_options();
    all.insert(all.end(), here.begin(), here.end());
  }
  return all;
}

std::string unknown_command(const std::vector<const CLI::App*>& levels, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : levels.back()->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (names.empty()) {
    return "";  // it lacks something else
  }
  const std::string hint = did_you_mean(word, names);
  return fmt::format("no command \"{}\"{}", word,
                     hint.empty() ? fmt::format(" (there are: {})", fmt::join(names, ", ")) : hint);
}

std::string unknown_option(const std::vector<const CLI::App*>& levels, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : options_of(levels)) {
    for (const std::string& known : option->get_lnames()) {
      names.push_back("--" + known);
    }
  }
  return fmt::format("{} is no option of \"{}\"{}", name, name_of(levels), did_you_mean(name, names));
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word.starts_with('-') && word != "--";
}

/// What CLI11 says of a value, with the variable that the value came from; "" if it came from none.
std::string wrong_variable(const std::vector<const CLI::App*>& levels, const std::string& message) {
  for (const CLI::Option* option : options_of(levels)) {
    const std::string name = option->get_name();
    const char* value = option->get_envname().empty() ? nullptr : std::getenv(option->get_envname().c_str());
    const bool is_about = message.starts_with(name + ":") || message.find(": " + name + " = ") != std::string::npos;
    if (is_about && value && option->results() == std::vector<std::string>{value}) {
      return fmt::format("{} (the environment variable {} is \"{}\")", message, option->get_envname(), value);
    }
  }
  return "";
}

}  // namespace

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error) {
  const auto is = [&](CLI::ExitCodes code) { return error.get_exit_code() == static_cast<int>(code); };
  const auto levels = named_levels(app);
  if (is(CLI::ExitCodes::ConversionError) || is(CLI::ExitCodes::ValidationError)) {
    return wrong_variable(levels, error.what());
  }
  const std::vector<std::string> words = app.remaining();
  if (words.empty() || !(is(CLI::ExitCodes::RequiredError) || is(CLI::ExitCodes::ExtrasError))) {
    return "";
  }
  // A misspelled option is why the right one is missing.
  if (const auto option = std::ranges::find_if(words, is_option); option != words.end()) {
    return unknown_option(levels, *option);
  }
  return is(CLI::ExitCodes::RequiredError)
             ? unknown_command(levels, words.front())
             : fmt::format("\"{}\" is one argument too many for \"{}\"", words.front(), name_of(levels));
}

bool tell_usage(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream problems;
  const std::string problem = usage_problem(app, error);
  const int code = problem.empty()
                       ? app.exit(error, out, problems)
                       : app.exit(CLI::RequiredError{problem, CLI::ExitCodes::RequiredError}, out, problems);
  say(stdout, out.str());
  say(stderr, problems.str());
  return code != 0;
}

}  // namespace oidc
