#include "runner/needs.hpp"

#include <algorithm>

#include "scenarios/condition.hpp"

namespace scenarios {
namespace {

bool is_empty(const Needs& needs) {
  return needs.ops.empty() && needs.flows.empty() && needs.capabilities.empty() && needs.policy.empty();
}

/// True if something in it takes a login; a validator of tokens has none.
bool uses_flow(const Scenario& scenario) {
  return scenario.session.has_value() || std::ranges::any_of(scenario.steps, [](const ScenarioStep& step) {
           const auto* call = std::get_if<DoStep>(&step.action);
           return std::holds_alternative<ParallelStep>(step.action) ||
                  (call != nullptr && call->op != "validate" && call->op != "introspect");
         });
}

/// A session that a login can make.
bool is_plain(const Session& session) {
  return session.omit.empty() && session.patch.empty() && session.scopes.empty();
}

/// The operation as clients name it: how a client renews is its policy.
std::string own_name(const std::string& op, const Hello& hello) {
  const bool asks_itself =
      hello.policy.refresh.when == RefreshPolicy::When::kOnRequest && hello.ops.contains("refresh");
  return op != "renew" ? op : asks_itself ? "refresh" : "get_access_token";
}

/// Nobody gets a token with its own credentials who has none to show.
bool lacks_credentials(const Scenario& scenario, const Hello& hello) {
  return uses_flow(scenario) && flow_of(scenario) == "client_credentials" &&
         std::ranges::all_of(hello.auth_methods, [](const std::string& method) { return method == "none"; });
}

/// What the scenario says it needs, and what its parts imply.
Needs all_needs(const Scenario& scenario, const Hello& hello) {
  Needs needs = scenario.needs;
  if (uses_flow(scenario)) {
    needs.flows.push_back(flow_of(scenario));
  }
  if (scenario.session && !(is_plain(*scenario.session) && hello.ops.count("storage_seed") == 0)) {
    needs.ops.emplace_back("storage_seed");
  } else if (scenario.session) {
    needs.ops.emplace_back("login");
  }
  for (const ScenarioStep& step : scenario.steps) {
    if (!is_empty(step.judged.needs)) {
      continue;  // skipped, if the client lacks it
    }
    if (const auto* call = std::get_if<DoStep>(&step.action)) {
      needs.ops.push_back(call->op);
    } else if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) {
      needs.ops.push_back(parallel->op);
      needs.capabilities.emplace_back(parallel->clients ? "storage" : "threads");
    } else if (std::holds_alternative<RestartStep>(step.action) || std::holds_alternative<TamperStep>(step.action)) {
      needs.capabilities.emplace_back("storage");
    }
  }
  return needs;
}

/// The operations of which at least one list is all there. Login may also be done in two halves.
bool can_do(const std::string& op, const std::string& flow, const Hello& hello) {
  const auto has = [&](const char* name) { return hello.ops.contains(name); };
  if (op != "login" || has("login")) {
    return hello.ops.contains(op);
  }
  return flow == "device" ? has("device_initiate") && has("device_complete")
                          : has("authorization_url") && has("callback");
}

std::string missing(const std::vector<std::string>& needed, const std::set<std::string>& listed, const char* what) {
  const auto found = std::ranges::find_if(needed, [&](const std::string& name) { return !listed.contains(name); });
  return found == needed.end() ? "" : std::string{what} + " \"" + *found + "\"";
}

}  // namespace

std::string flow_of(const Scenario& scenario) {
  return oidc::string_member(scenario.client, "flow").value_or("code");
}

std::string unmet_need(const Needs& needs, const Hello& hello) {
  const std::string flow = needs.flows.empty() ? "" : needs.flows.back();
  for (const std::string& needed : needs.ops) {
    if (const std::string op = own_name(needed, hello); !can_do(op, flow, hello)) {
      return "the client has no operation \"" + op + "\"";
    }
  }
  for (const std::string& what :
       {missing(needs.flows, hello.flows, "flow"), missing(needs.capabilities, hello.capabilities, "capability")}) {
    if (!what.empty()) {
      return "the client has no " + what;
    }
  }
  const std::vector<mockserver::Exchange> nothing;
  for (const std::string& name : needs.policy) {
    const Condition* condition = find_condition(name);
    if (condition != nullptr && !condition->holds({hello, nothing})) {
      return "the client does not say that " + std::string{condition->words};
    }
  }
  return "";
}

std::string unmet_need(const Scenario& scenario, const Hello& hello) {
  const auto method = oidc::string_member(scenario.client, "auth");
  if (method && std::ranges::find(hello.auth_methods, *method) == hello.auth_methods.end()) {
    return "the client does not authenticate by " + *method;
  }
  const std::string unmet = unmet_need(all_needs(scenario, hello), hello);
  return unmet.empty() && lacks_credentials(scenario, hello)
             ? "the client has no way to authenticate, and client_credentials takes one"
             : unmet;
}

bool needs_program(const Scenario& scenario) {
  const auto kills = [](const ScenarioStep& step) {
    const auto* restart = std::get_if<RestartStep>(&step.action);
    return restart != nullptr && restart->kill;
  };
  return !scenario.surroundings.empty() || std::ranges::any_of(scenario.steps, kills);
}

std::string unknown_zone(const Scenario& scenario, const std::filesystem::path& zones) {
  const auto zone = oidc::string_member(scenario.surroundings, "time_zone");
  std::error_code ignored;
  return !zone || std::filesystem::exists(zones / *zone, ignored) ? "" : "this machine knows no time zone " + *zone;
}

}  // namespace scenarios
