#include "loader/build.hpp"

#include <array>
#include <functional>

#include "loader/values.hpp"

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
                without(step, {"do", "expect", "check", "statement", "because", "level"})};
}

StepAction build_parallel(const Json& step) {
  const Json& body = step["parallel"];
  return ParallelStep{body["do"].get<std::string>(), without(body, {"do", "count", "of"}),
                      body.value("count", std::size_t{2}), text(body, "of") == "clients"};
}

/// The verbs of a step: the key that names it, and what makes its action.
struct Verb {
  const char* key;
  StepAction (*build)(const Json& step);
};
constexpr std::array<Verb, 8> kVerbs = {
    Verb{"do", build_do},
    Verb{"advance", [](const Json& step) -> StepAction { return AdvanceStep{*parse_duration(step["advance"])}; }},
    Verb{"step_wall", [](const Json& step) -> StepAction { return StepWallStep{*parse_duration(step["step_wall"])}; }},
    Verb{"restart", [](const Json&) -> StepAction { return RestartStep{}; }},
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

ScenarioStep build_step(const Json& json, std::size_t number, const std::string& first_statement) {
  ScenarioStep step;
  step.action = build_action(json);
  step.because = text(json, "because");
  if (json.contains("expect")) {
    ResultExpectation expect;
    expect.ok = json["expect"].contains("ok");
    expect.members = json["expect"][expect.ok ? "ok" : "err"];
    step.expect = std::move(expect);
    step.check = text(json, "check", "step-" + std::to_string(number));
    step.statement = text(json, "statement", first_statement);
    step.should = text(json, "level") == "should";
  }
  return step;
}

Check build_check(const Json& json, const std::string& first_statement) {
  Check check;
  check.id = text(json, "check");
  check.statement = text(json, "statement", first_statement);
  check.because = text(json, "because");
  check.should = text(json, "level") == "should";
  for (const char* kind : {"requests", "order", "storage", "time", "tokens"}) {
    if (json.contains(kind)) {
      check.kind = kind;
      check.body = json[kind];
    }
  }
  return check;
}

std::vector<Check> build_checks(const Json& json, const char* name, const std::string& first_statement) {
  std::vector<Check> checks;
  for (const Json& check : json.contains(name) ? json[name] : Json::array()) {
    checks.push_back(build_check(check, first_statement));
  }
  return checks;
}

Session build_session(const Json& json) {
  Session session;
  session.issued = json.contains("issued") ? *parse_duration(json["issued"]) : oidc::Duration::zero();
  session.scopes = texts(json, "scopes");
  session.omit = texts(json, "omit");
  session.patch = object_or_empty(json, "patch");
  return session;
}

}  // namespace

Scenario build_scenario(const Json& json) {
  Scenario scenario;
  scenario.title = text(json, "title");
  scenario.why = text(json, "why");
  scenario.statements = texts(json, "statements");
  const Json needs = object_or_empty(json, "needs");
  scenario.needs = {texts(needs, "ops"), texts(needs, "flows"), texts(needs, "capabilities")};
  scenario.issuer = object_or_empty(json, "issuer");
  scenario.client = object_or_empty(json, "client");
  scenario.browser = object_or_empty(json, "browser");
  if (json.contains("script")) {
    scenario.script = json["script"].get<std::vector<Json>>();
  }
  if (json.contains("session")) {
    scenario.session = build_session(json["session"]);
  }
  const std::string& first_statement = scenario.statements.front();
  for (const Json& step : json["steps"]) {
    scenario.steps.push_back(build_step(step, scenario.steps.size() + 1, first_statement));
  }
  scenario.checks = build_checks(json, "expect", first_statement);
  scenario.reached = build_checks(json, "reached", first_statement);
  scenario.twin = text(json, "twin");
  if (json.contains("catches")) {
    scenario.catches = json["catches"].get<std::map<std::string, std::string>>();
  }
  return scenario;
}

}  // namespace scenarios
