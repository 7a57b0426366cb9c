#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "conformance/traceability.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "print.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/lint.hpp"
#include "scenarios/scenario.hpp"
#include "server_file.hpp"

namespace cli {
namespace {

using Statements = scenarios::Statements;

/// Counts what is wrong, and prints it as it is found: one problem must not hide the others.
class Findings {
 public:
  void add(const std::string& message) {
    print_error("{}\n", message);
    found_ = true;
  }
  /// Worth a line, but no reason to fail.
  void warn(const std::string& message) {
    print_error("{}\n", message);
    ++warnings_;
  }
  std::size_t warnings() const { return warnings_; }
  void count_configuration() { ++configurations_; }
  std::size_t configurations() const { return configurations_; }
  int exit_code() const { return found_ ? kUsage : kAsExpected; }

 private:
  bool found_ = false;
  std::size_t warnings_ = 0;
  std::size_t configurations_ = 0;
};

/// The file's content, as complete as it can be.
oidc::Json content_of(const std::string& path) {
  const auto text = scenarios::read_text(path);
  if (!text) {
    return {};  // which whoever reads scenarios tells
  }
  return (path.ends_with(".json") ? scenarios::read_json(*text) : scenarios::read_yaml(*text)).value;
}

/// True if the file is a configuration of `assay serve`, or a commands file: then it has been checked.
bool check_configuration(const std::string& path, Findings& findings) {
  if (content_of(path).is_object() && content_of(path).contains("operations")) {
    if (const auto client = scenarios::make_commands_factory(path); !client) {
      findings.add(client.error().message);
    }
    findings.count_configuration();
    return true;
  }
  if (!is_serve_config(content_of(path))) {
    return false;
  }
  const auto file = read_server_file(path);
  if (!file) {
    findings.add(file.error().message);
  }
  findings.count_configuration();
  return true;
}

/// The files of a directory of scenarios in which configurations stand as well, in the order of their names.
std::vector<std::string> files_below(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  for (std::filesystem::recursive_directory_iterator entry{directory, error}, end; !error && entry != end;
       entry.increment(error)) {
    const auto extension = entry->path().extension();
    if (entry->is_regular_file() && (extension == ".yaml" || extension == ".json")) {
      files.push_back(entry->path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

/// A library that could not be loaded as a whole: maybe because it holds configurations.
void read_mixed(const std::string& directory, const std::string& problem, std::vector<scenarios::Scenario>& all,
                Findings& findings) {
  std::vector<std::string> others = files_below(directory);
  const auto removed = std::erase_if(others, [&](const auto& file) { return check_configuration(file, findings); });
  if (removed == 0) {
    findings.add(problem);
    return;
  }
  std::map<std::string, std::string> files_by_id;
  for (const auto& file : others) {
    auto scenario = scenarios::load_scenario(file, directory);
    if (!scenario) {
      findings.add(scenario.error().message);
      continue;
    }
    const auto [first, is_new] = files_by_id.emplace(scenario->id, file);
    if (is_new) {
      all.push_back(*std::move(scenario));
    } else {
      findings.add(fmt::format("{}:1:1: {} has the same id", file, first->second));
    }
  }
}

std::vector<scenarios::Scenario> read(const std::vector<std::string>& paths, Findings& findings) {
  std::vector<scenarios::Scenario> all;
  for (const auto& path : paths) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
      auto library = scenarios::load_library(path);
      if (library) {
        all.insert(all.end(), library->begin(), library->end());
      } else {
        read_mixed(path, library.error().message, all, findings);
      }
      continue;
    }
    if (check_configuration(path, findings)) {
      continue;
    }
    const std::filesystem::path file{path};
    auto scenario = scenarios::load_scenario(path, file.has_parent_path() ? file.parent_path().string() : ".");
    if (scenario) {
      all.push_back(*std::move(scenario));
    } else {
      findings.add(scenario.error().message);
    }
  }
  return all;
}

/// What statements that are near an id begin with: "RFC6749-5.1" of "RFC6749-5.1-EXPIRES"; "" if there are none.
std::string area_of(const std::string& id, const Statements& statements) {
  for (auto dash = id.rfind('-'); dash != std::string::npos && dash > 0; dash = id.rfind('-', dash - 1)) {
    const auto first = statements.lower_bound(id.substr(0, dash + 1));
    if (first != statements.end() && first->first.starts_with(id.substr(0, dash + 1))) {
      return id.substr(0, dash);
    }
  }
  return "";
}

std::string meant(const std::string& id, const Statements& statements) {
  std::string nearest = scenarios::nearest_statement(id, statements);
  const auto longer = statements.lower_bound(id);
  if (nearest.empty() && longer != statements.end() && longer->first.starts_with(id)) {
    nearest = longer->first;  // its beginning
  }
  const std::string area = area_of(id, statements);
  const std::string listing = area.empty() ? "`assay statements` shows the areas, `assay statements AREA` lists one"
                                           : fmt::format("`assay statements {}` lists those near it", area);
  return nearest.empty() ? fmt::format(" ({})", listing) : fmt::format(" (did you mean \"{}\"? {})", nearest, listing);
}

/// What no single file can tell: names that point from one to another, and what lint knows.
void check_whole(const std::vector<scenarios::Scenario>& checked, const std::vector<scenarios::Scenario>& library,
                 const Statements& statements, Findings& findings) {
  for (const auto& scenario : checked) {
    for (std::size_t i = 0; i < scenario.statements.size(); ++i) {
      const std::string& id = scenario.statements[i];
      if (!statements.contains(id) && !scenario.own_statements.contains(id)) {
        const auto& place = scenario.statement_places.at(i);
        findings.add(fmt::format("{}:{}:{}: error: the statement \"{}\" is not documented{}", scenario.file, place.line,
                                 place.column, id, meant(id, statements)));
      }
    }
  }
  for (const auto& finding : scenarios::lint(checked, library)) {
    finding.error ? findings.add(to_line(finding)) : findings.warn(to_line(finding));
  }
}

/// Of the whole project: what unit tests claim to judge, and what is excluded from being judged.
void check_claims(const std::vector<scenarios::Scenario>& library, const Statements& statements, Findings& findings) {
  for (const auto& line : conformance::contradictions(statements, library, conformance::unit_tests())) {
    findings.add(line);
  }
}

oidc::Result<int> check(const std::vector<std::string>& paths, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  Findings findings;
  const auto statements = scenarios::load_statements(data->statements());
  if (!statements) {
    findings.add(statements.error().message);
  }
  const auto checked = read(paths.empty() ? std::vector{data->library()} : paths, findings);
  if (statements) {
    const auto library = scenarios::load_library(data->library());
    check_whole(checked, library ? *library : checked, *statements, findings);
    if (paths.empty()) {
      check_claims(checked, *statements, findings);
    }
  }
  if (findings.exit_code() == kAsExpected) {
    const std::string result =
        findings.warnings() == 0 ? "no problems" : fmt::format("{} to look at, no errors", findings.warnings());
    const std::size_t configurations = findings.configurations();
    const std::string also =
        configurations == 0 ? "" : fmt::format("{} configuration{}, ", configurations, configurations == 1 ? "" : "s");
    print("{}{} scenario{} and {} statements: {}\n", also, checked.size(), checked.size() == 1 ? "" : "s",
          statements->size(), result);
  }
  return findings.exit_code();
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  auto paths = std::make_shared<std::vector<std::string>>();
  auto* command = app.add_subcommand(
      "check", "Check scenario files and server configurations: every problem with file, line and column");
  command->add_option("FILE", *paths,
                      "Scenario files or directories, or configurations of `assay serve`; default: the whole library");
  command->footer(
      "The statements are always checked as well; without FILE also which of them the unit tests claim to judge. Exit "
      "code 2 if there is any error; warnings are only printed.");
  command->callback([paths, &context] {
    const auto code = check(*paths, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
