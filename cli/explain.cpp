#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "data.hpp"
#include "failure.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/condition.hpp"
#include "scenarios/runner.hpp"
#include "selection.hpp"
#include "sequence.hpp"

namespace cli {
namespace {

using Statements = scenarios::Statements;
using scenarios::Scenario;

void print_statements(const Scenario& scenario, const Statements& statements) {
  print("\nWhat is documented\n");
  for (const auto& id : scenario.statements) {
    const auto found = statements.find(id);
    const auto own = scenario.own_statements.find(id);
    if (found == statements.end() && own == scenario.own_statements.end()) {
      print("  {}: not in conformance/statements\n", id);
      continue;
    }
    const auto& statement = found == statements.end() ? own->second : found->second;
    print("  {} ({} of {}): {}\n", id, to_string(statement.level), statement.book, statement.text);
    for (const auto& condition : statement.conditions) {
      print("    binds only if {}\n", scenarios::find_condition(condition)->words);
    }
    if (!statement.allowed.empty()) {
      print("    tolerated: {}\n", statement.allowed);
    }
    print("    source: {}{}\n", statement.source, statement.url.empty() ? "" : ", " + statement.url);
  }
}

void print_script(const Scenario& scenario) {
  if (scenario.script.empty()) {
    print("\nThe issuer is correct throughout.\n");
    return;
  }
  print("\nHow the issuer departs from being correct\n");
  for (const auto& step : scenario.script) {
    const auto part = [&](const char* name) {
      const auto member = step.find(name);
      return member == step.end() ? std::string{} : oidc::to_text(*member);
    };
    const std::string times = part("times");
    print("  when {}, {}: {}\n", part("when").empty() ? "anything is asked" : part("when"),
          times.empty() ? "once" : times + " times", part("do"));
  }
}

void print_judged(const scenarios::Judged& judged, const std::string& what) {
  print("  {} [{}]: {}\n", judged.id,
        judged.statements.empty() ? "witness" : fmt::format("{}", fmt::join(judged.statements, ", ")), what);
  if (!judged.because.empty()) {
    print("    because {}\n", judged.because);
  }
}

void print_check(const scenarios::Check& check) {
  print_judged(check.judged, check.kind + " " + oidc::to_text(check.body));
}

std::string describe(const std::vector<scenarios::ResultExpectation>& expected) {
  std::string text;
  for (const auto& one : expected) {
    text += (text.empty() ? "" : ", or ") + std::string{one.ok ? "ok " : "err "} + oidc::to_text(one.members);
  }
  return text;
}

void print_checks(const Scenario& scenario) {
  print("\nWhat is judged\n");
  for (const auto& step : scenario.steps) {
    if (step.has_expectation()) {
      print_judged(step.judged, describe(step.expect));
    }
  }
  for (const auto& check : scenario.checks) {
    print_check(check);
  }
  if (!scenario.reached.empty()) {
    print("\nOnly if this came about; otherwise the checks above are NOT_REACHED\n");
    for (const auto& check : scenario.reached) {
      print_check(check);
    }
  }
  for (const auto& [fault, check] : scenario.catches) {
    print("\nThe faulty client \"{}\" is caught by {}.\n", fault, check);
  }
}

oidc::Result<int> explain(const std::string& id, const Context& context) {
  const auto data = Data::locate(context);
  if (!data) {
    return data.error();
  }
  const auto library = scenarios::load_library(data->library());
  if (!library) {
    return library.error();
  }
  const auto rules = load_rules(*data);
  if (!rules) {
    return rules.error();
  }
  const auto selected = select(*library, {id});
  if (!selected) {
    return selected.error();
  }
  const auto client = scenarios::make_auth_core_factory();
  const auto runner = scenarios::Runner::create(*client, {scenarios::Transport::kDirect, *rules});
  if (!runner) {
    return runner.error();
  }
  for (const auto& scenario : *selected) {
    print("{}\n  {}\n  Why: {}\n", scenario.id, scenario.title, scenario.why);
    print_statements(scenario, rules->statements);
    print_script(scenario);
    const auto outcome = (*runner)->run(scenario);
    print("\nWhat happens, with {}\n{}", client->description(), draw_sequence(outcome));
    print_checks(scenario);
    print("\n");
  }
  return kAsExpected;
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto id = std::make_shared<std::string>();
  auto* command = app.add_subcommand("explain", "Explain scenarios: what is documented, what happens, what is judged");
  command->add_option("ID", *id, "A selection as in `assay run`")->required();
  command->callback([id, &context] {
    const auto code = explain(*id, context);
    context.exit_code = code ? *code : fail(code.error());
  });
}

}  // namespace cli
