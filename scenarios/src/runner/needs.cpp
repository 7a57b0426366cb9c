#include "runner/needs.hpp"

#include <algorithm>

namespace scenarios {
namespace {

/// What the scenario says it needs, and what its parts imply.
Needs all_needs(const Scenario& scenario) {
  Needs needs = scenario.needs;
  needs.flows.push_back(flow_of(scenario));
  needs.capabilities.emplace_back("virtual_clock");
  if (oidc::string_member(scenario.client, "auth") == "private_key_jwt") {
    needs.capabilities.emplace_back("private_key_jwt");
  }
  if (scenario.session) {
    needs.ops.emplace_back("storage_seed");
  }
  for (const ScenarioStep& step : scenario.steps) {
    if (const auto* call = std::get_if<DoStep>(&step.action)) {
      needs.ops.push_back(call->op);
    } else if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) {
      needs.ops.push_back(parallel->op);
      if (!parallel->clients) {
        needs.capabilities.emplace_back("threads");
      }
    } else if (std::holds_alternative<RestartStep>(step.action) || std::holds_alternative<TamperStep>(step.action)) {
      needs.capabilities.emplace_back("storage");
    }
  }
  const auto is_storage = [](const Check& check) { return check.kind == "storage"; };
  if (std::ranges::any_of(scenario.checks, is_storage)) {
    needs.capabilities.emplace_back("storage");
  }
  return needs;
}

std::string missing(const std::vector<std::string>& needed, const std::set<std::string>& listed, const char* what) {
  const auto found = std::ranges::find_if(needed, [&](const std::string& name) { return !listed.contains(name); });
  return found == needed.end() ? "" : std::string{what} + " \"" + *found + "\"";
}

}  // namespace

std::string flow_of(const Scenario& scenario) {
  return oidc::string_member(scenario.client, "flow").value_or("code");
}

std::string unmet_need(const Scenario& scenario, const Hello& hello) {
  const Needs needs = all_needs(scenario);
  for (const std::string& what : {missing(needs.ops, hello.ops, "operation"), missing(needs.flows, hello.flows, "flow"),
                                  missing(needs.capabilities, hello.capabilities, "capability")}) {
    if (!what.empty()) {
      return "the client has no " + what;
    }
  }
  return "";
}

}  // namespace scenarios
