#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "oidc/json.hpp"
#include "print.hpp"
#include "selection.hpp"

namespace cli {
namespace {

struct ListOptions {
  std::vector<std::string> selection;
  bool json = false;
};

void print_json(const std::vector<scenarios::Scenario>& selected) {
  oidc::Json all = oidc::Json::array();
  for (const auto& scenario : selected) {
    all.push_back({{"id", scenario.id},
                   {"title", scenario.title},
                   {"why", scenario.why},
                   {"statements", scenario.statements},
                   {"file", scenario.file}});
  }
  print("{}\n", oidc::to_pretty_text(all));
}

void print_table(const std::vector<scenarios::Scenario>& selected) {
  std::size_t width = 0;
  for (const auto& scenario : selected) {
    width = std::max(width, scenario.id.size());
  }
  for (const auto& scenario : selected) {
    print("{:<{}}  {}\n", scenario.id, width, scenario.title);
  }
  print("{} scenario{}\n", selected.size(), selected.size() == 1 ? "" : "s");
}

oidc::Result<int> list(const ListOptions& options, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  const auto library = scenarios::load_library(data->library());
  if (!library) {
    return library.error();
  }
  const auto selected = select(*library, options.selection);
  if (!selected) {
    return selected.error();
  }
  options.json ? print_json(*selected) : print_table(*selected);
  return kAsExpected;
}

}  // namespace

void add_list(CLI::App& app, Context& context) {
  auto options = std::make_shared<ListOptions>();
  auto* command = app.add_subcommand("list", "List scenarios: id and title");
  command->add_option("SELECTION", options->selection, "As in `assay run`; default: the whole library");
  command->add_flag("--json", options->json,
                    "Print a JSON array of {id, title, why, statements, file}; default: a table");
  command->callback([options, &context] {
    const auto code = list(*options, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
