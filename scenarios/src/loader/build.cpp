#include "loader/build.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "loader/values.hpp"
#include "statements/file.hpp"

namespace scenarios {
namespace {

using oidc::Json;

// The schema has settled every type, so that nothing below can throw.

std::string text(const Json& object, const char* name, std::string otherwise = "") {
  return oidc::string_member(object, name).value_or(std::move(otherwise));
}

std::vector<std::string> texts(const Json& object, const char* name) {
  return object.contains(name) ? object[name].get<std::vector<std::string>>() : std::vector<std::string>{};
}

Json object_or_empty(const Json& json, const char* name) {
  return json.contains(name) ? json[name] : Json::object();
}

Json without(Json object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    object.erase(name);
  }
  return object;
}

StepAction build_do(const Json& step) {
  return DoStep{step["do"].get<std::string>(),
                without(step, {"do", "expect", "check", "statement", "because", "needs", "rests_on"})};
}

StepAction build_parallel(const Json& step) {
  const Json& body = step["parallel"];
  return ParallelStep{body["do"].get<std::string>(), without(body, {"do", "count", "of"}),
                      body.value("count", std::size_t{2}), text(body, "of") == "clients"};
}

StepAction build_restart(const Json& step) {
  return RestartStep{step["restart"].is_object() ? step["restart"] : Json::object()};
}

StepAction build_advance(const Json& step) {
  if (step["advance"] == "to_due") {
    return AdvanceStep{AdvanceStep::To::kDue};
  }
  if (step["advance"] == "to_expiry") {
    return AdvanceStep{AdvanceStep::To::kExpiry};
  }
  return AdvanceStep{AdvanceStep::To::kBy, *parse_duration(step["advance"])};
}

/// The verbs of a step: the key that names it, and what makes its action.
struct Verb {
  const char* key;
  StepAction (*build)(const Json& step);
};
constexpr std::array<Verb, 9> kVerbs = {
    Verb{"do", build_do},
    Verb{"advance", build_advance},
    Verb{"step_wall", [](const Json& step) -> StepAction { return StepWallStep{*parse_duration(step["step_wall"])}; }},
    Verb{"restart", build_restart},
    Verb{"kill",
         [](const Json&) -> StepAction {
           return RestartStep{Json::object(), true};
         }},
    Verb{"parallel", build_parallel},
    Verb{"device", [](const Json& step) -> StepAction { return DeviceStep{step["device"].get<std::string>()}; }},
    Verb{"issuer", [](const Json& step) -> StepAction { return IssuerStep{step["issuer"]}; }},
    Verb{"tamper", [](const Json& step) -> StepAction { return TamperStep{step["tamper"]}; }},
};

StepAction build_action(const Json& step) {
  for (const Verb& verb : kVerbs) {
    if (step.contains(verb.key)) {
      return verb.build(step);
    }
  }
  return RestartStep{};  // not reached: the schema asks for one of the verbs
}

Needs build_needs(const Json& json) {
  return {texts(json, "ops"), texts(json, "flows"), texts(json, "capabilities"), texts(json, "policy")};
}

/// What a step's expectation and a check have in common; `defaults` are the scenario's statements.
Judged build_judged(const Json& json, std::string id, const std::vector<std::string>& defaults) {
  Judged judged;
  judged.id = text(json, "check", std::move(id));
  judged.because = text(json, "because");
  judged.needs = build_needs(object_or_empty(json, "needs"));
  if (json.contains("rests_on")) {
    judged.rests_on = texts(json, "rests_on");
  }
  judged.statements = statement_ids(json);
  if (judged.statements.empty()) {
    judged.statements = defaults;
  }
  return judged;
}

ResultExpectation build_result(const Json& json) {
  ResultExpectation expect;
  expect.ok = json.contains("ok");
  expect.members = json[expect.ok ? "ok" : "err"];
  return expect;
}

/// What the step takes anyway, beside what it says that it needs.
void add_implied_needs(ScenarioStep& step) {
  Needs& needs = step.judged.needs;
  if (const auto* call = std::get_if<DoStep>(&step.action)) {
    needs.ops.push_back(call->op);
  } else if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) {
    needs.ops.push_back(parallel->op);
    needs.capabilities.emplace_back(parallel->clients ? "storage" : "threads");
  }
}

ScenarioStep build_step(const Json& json, std::size_t number, const std::vector<std::string>& defaults) {
  ScenarioStep step;
  step.action = build_action(json);
  const Json expect = object_or_empty(json, "expect");
  step.any_result = expect.contains("any");
  for (const Json& one : expect.contains("one_of") ? expect["one_of"] : Json::array()) {
    step.expect.push_back(build_result(one));
  }
  if (expect.contains("ok") || expect.contains("err")) {
    step.expect.push_back(build_result(expect));
  }
  step.judged = build_judged(json, "step-" + std::to_string(number),
                             step.has_expectation() ? defaults : std::vector<std::string>{});
  if (json.contains("needs")) {
    add_implied_needs(step);
  }
  return step;
}

Check build_check(const Json& json, const std::vector<std::string>& defaults) {
  Check check;
  check.judged = build_judged(json, "", defaults);
  for (const char* kind : {"requests", "order", "storage", "time", "tokens"}) {
    if (json.contains(kind)) {
      check.kind = kind;
      check.body = json[kind];
    }
  }
  if (check.kind == "storage") {
    check.judged.needs.capabilities.emplace_back("storage");
  }
  return check;
}

std::vector<Check> build_checks(const Json& json, const char* name, const std::vector<std::string>& defaults) {
  std::vector<Check> checks;
  for (const Json& check : json.contains(name) ? json[name] : Json::array()) {
    checks.push_back(build_check(check, defaults));
  }
  return checks;
}

TokenState state_of(const std::string& name) {
  return name == "expired" ? TokenState::kExpired : name == "due" ? TokenState::kDue : TokenState::kFresh;
}

Session build_session(const Json& json) {
  Session session;
  session.state = state_of(text(json, "state"));
  if (json.contains("issued")) {
    session.issued = *parse_duration(json["issued"]);
  }
  session.scopes = texts(json, "scopes");
  session.omit = texts(json, "omit");
  session.patch = object_or_empty(json, "patch");
  return session;
}

/// The statements that checks and steps state in place.
Statements own_statements(const Json& json) {
  Statements own;
  for (const char* list : {"steps", "expect"}) {
    for (const Json& judged : json.contains(list) ? json[list] : Json::array()) {
      const Json statement = object_or_empty(judged, "statement");
      if (statement.is_object() && statement.contains("id")) {
        own.emplace(statement["id"].get<std::string>(), own_statement(statement));
      }
    }
  }
  return own;
}

}  // namespace

std::vector<std::string> statement_ids(const Json& judged) {
  const Json statement = judged.contains("statement") ? judged["statement"] : Json{};
  if (statement.is_string()) {
    return {statement.get<std::string>()};
  }
  if (statement.is_object()) {
    return {text(statement, "id")};
  }
  return statement.is_array() ? statement.get<std::vector<std::string>>() : std::vector<std::string>{};
}

namespace {

/// All statements that something in the scenario is judged by: the listed ones first.
void add_statements_of_checks(Scenario& scenario) {
  const auto add = [&](const Judged& judged) {
    for (const std::string& id : judged.statements) {
      if (std::ranges::find(scenario.statements, id) == scenario.statements.end()) {
        scenario.statements.push_back(id);
      }
    }
  };
  for (const ScenarioStep& step : scenario.steps) {
    add(step.judged);
  }
  for (const Check& check : scenario.checks) {
    add(check.judged);
  }
}

}  // namespace

Scenario build_scenario(const Json& json) {
  Scenario scenario;
  scenario.title = text(json, "title");
  scenario.why = text(json, "why");
  scenario.statements = texts(json, "statements");
  scenario.own_statements = own_statements(json);
  scenario.needs = build_needs(object_or_empty(json, "needs"));
  scenario.lasts = json.contains("lasts") ? *parse_duration(json["lasts"]) : oidc::Duration::zero();
  scenario.real = object_or_empty(object_or_empty(json, "real"), "issuer");
  scenario.issuer = object_or_empty(json, "issuer");
  scenario.client = object_or_empty(json, "client");
  scenario.browser = object_or_empty(json, "browser");
  scenario.surroundings = object_or_empty(json, "surroundings");
  if (json.contains("script")) {
    scenario.script = json["script"].get<std::vector<Json>>();
  }
  if (json.contains("session")) {
    scenario.session = build_session(json["session"]);
  }
  const std::vector<std::string> defaults = scenario.statements;
  for (const Json& step : json["steps"]) {
    scenario.steps.push_back(build_step(step, scenario.steps.size() + 1, defaults));
  }
  scenario.checks = build_checks(json, "expect", defaults);
  scenario.reached = build_checks(json, "reached", defaults);
  add_statements_of_checks(scenario);
  scenario.twin = text(json, "twin");
  if (json.contains("catches")) {
    scenario.catches = json["catches"].get<std::map<std::string, std::string>>();
  }
  return scenario;
}

}  // namespace scenarios
