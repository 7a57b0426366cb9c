#include "conformance/faults.hpp"

#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "client.hpp"
#include "commands.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "part.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "scenarios/words.hpp"
#include "selection.hpp"

namespace cli {
namespace {

struct FaultsOptions {
  std::vector<std::string> selection;
  std::string client;
  std::string transport;
  std::string shard;
};

/// Those that name a faulty client: what there is to divide.
oidc::Result<std::vector<scenarios::Scenario>> choose(const FaultsOptions& options,
                                                      const std::vector<scenarios::Scenario>& library) {
  auto selected = select(library, options.selection);
  if (!selected) {
    return selected;
  }
  std::erase_if(*selected, [](const scenarios::Scenario& scenario) { return scenario.catches.empty(); });
  if (selected->empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       "none of the selected scenarios names a faulty client (`catches`)"};
  }
  auto part = take_part(options.shard, *selected);
  return part && part->empty() ? empty_part(options.shard, selected->size()) : std::move(part);
}

oidc::Result<int> faults(const FaultsOptions& options, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  const auto command = options.client.empty() ? data->reference_client() : scenarios::split_words(options.client);
  if (!command) {
    return command.error();
  }
  const auto library = scenarios::load_library(data->library());
  if (!library) {
    return library.error();
  }
  const auto selected = choose(options, *library);
  if (!selected) {
    return selected.error();
  }
  const auto transport = choose_transport(options.transport, *scenarios::make_pipe_factory(*command));
  if (!transport) {
    return transport.error();
  }
  auto rules = load_rules(*data);
  if (!rules) {
    return std::move(rules).error();
  }
  const auto runs = conformance::run_faults(*selected, *command, {*transport, *std::move(rules)});
  if (!runs) {
    return runs.error();
  }
  print("{}", conformance::to_terminal(*runs));
  return conformance::exit_code(*runs);
}

}  // namespace

void add_faults(CLI::App& app, Context& context) {
  auto options = std::make_shared<FaultsOptions>();
  auto* command = app.add_subcommand("faults", "Prove that each check catches the faulty client it names");
  command->add_option("SELECTION", options->selection, "As in `assay run`; default: the whole library");
  command
      ->add_option("--client", options->client,
                   "Command that starts a client which takes --fault NAME; default: the reference client")
      ->type_name("COMMAND")
      ->check(not_empty());
  command->add_option("--transport", options->transport, "http or https; default: https")->type_name("NAME");
  add_shard(*command, options->shard);
  command->callback([options, &context] {
    const auto code = faults(*options, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
