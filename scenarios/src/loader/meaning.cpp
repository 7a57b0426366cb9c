#include "loader/meaning.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include "loader/values.hpp"
#include "mockserver/config.hpp"
#include "mockserver/issuer.hpp"
#include "mockserver/script.hpp"
#include "oidc/schema.hpp"
#include "pattern.hpp"
#include "scenarios/document.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {
namespace {

using oidc::Json;

const Json& member(const Json& object, std::string_view name) {
  static const Json kNothing;
  if (!object.is_object()) {
    return kNothing;
  }
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::vector<std::string> strings_of(const Json& array) {
  std::vector<std::string> result;
  for (const Json& item : array.is_array() ? array : Json::array()) {
    if (item.is_string()) {
      result.push_back(item.get<std::string>());
    }
  }
  return result;
}

/// The checks of every scenario (docs/scenarios.md).
bool is_implicit(const std::string& check) {
  return std::ranges::any_of(kImplicitChecks, [&](const auto& implicit) { return implicit.first == check; });
}

class MeaningChecker {
 public:
  explicit MeaningChecker(const Json& scenario)
      : scenario_{scenario}, statements_{strings_of(member(scenario, "statements"))} {}

  std::vector<MeaningProblem> run() {
    check_issuer();
    check_script(member(scenario_, "script"), "/script");
    check_duration(member(member(scenario_, "client"), "clock_skew"), "/client/clock_skew");
    check_duration(member(member(scenario_, "session"), "issued"), "/session/issued");
    check_steps();
    check_expectations("/expect", true);
    check_expectations("/reached", false);
    check_statements_judged();
    check_catches();
    return std::move(problems_);
  }

 private:
  void report(std::string pointer, std::string sentence) {
    problems_.push_back({std::move(pointer), std::move(sentence)});
  }

  /// An error whose message begins with a pointer into the value at `base`.
  void report_located(const std::string& base, const std::string& message) {
    const auto colon = message.find(": ");
    if (!message.starts_with('/') || colon == std::string::npos) {
      return report(base, message);
    }
    const std::string pointer = message.substr(0, colon);
    report(pointer == "/" ? base : base + pointer, message.substr(colon + 2));
  }

  void report_unknown(const std::string& pointer, const std::string& what, const std::string& name,
                      const std::vector<std::string>& known) {
    const std::string nearest = oidc::nearest_name(name, known);
    report(pointer, what + " \"" + name + "\"" + (nearest.empty() ? "" : " (did you mean \"" + nearest + "\"?)"));
  }

  /// A step without a verb, or a check without a kind: the nearest one is in no alternative of
  /// the schema, so that its own words would mislead.
  void check_verb(const Json& object, const std::string& pointer, const std::string& what,
                  const std::vector<std::string>& verbs) {
    if (!object.is_object() ||
        std::ranges::any_of(verbs, [&](const std::string& verb) { return object.contains(verb); })) {
      return;
    }
    std::string names;
    std::string slip;
    for (const std::string& verb : verbs) {
      names += (names.empty() ? "" : ", ") + verb;
    }
    for (const auto& [key, value] : object.items()) {
      const std::string nearest = oidc::nearest_name(key, verbs);
      slip = nearest.empty() ? slip : "; did you mean \"" + nearest + "\" by \"" + key + "\"?";
    }
    problems_.push_back({pointer, what + " (expected one of: " + names + slip + ")", true});
  }

  void check_issuer() {
    const Json& overlay = member(scenario_, "issuer");
    if (!overlay.is_object()) {
      return;
    }
    if (const auto config = mockserver::parse_issuer_config(overlay); !config) {
      report_located("/issuer", config.error().message);
    }
  }

  void check_script(const Json& script, const std::string& pointer) {
    for (std::size_t i = 0; script.is_array() && i < script.size(); ++i) {
      if (const auto step = mockserver::parse_step(script[i], i + 1); !step) {
        report_located(pointer_to(pointer, i), step.error().message);
      } else {
        check_after(*step, pointer_to(pointer, i) + "/when/after");
        script_ids_.push_back(step->id);
      }
    }
  }

  /// A step that waits for one that is not there would never come.
  void check_after(const mockserver::Step& step, const std::string& pointer) {
    const std::string& after = step.when.after;
    if (!after.empty() && std::ranges::find(script_ids_, after) == script_ids_.end()) {
      const std::string nearest = oidc::nearest_name(after, script_ids_);
      report(pointer, "no earlier step of the script is \"" + after + "\"" +
                          (nearest.empty() ? "" : " (did you mean \"" + nearest + "\"?)"));
    }
  }

  void check_duration(const Json& json, const std::string& pointer) {
    if (json.is_null()) {
      return;
    }
    if (const auto duration = parse_duration(json); !duration) {
      report(pointer, duration.error().message);
    }
  }

  void check_bounds(const Json& json, const std::string& pointer) {
    if (json.is_null()) {
      return;
    }
    if (const auto bounds = parse_bounds(json); !bounds) {
      report(pointer, bounds.error().message);
    }
  }

  void check_steps() {
    const Json& steps = member(scenario_, "steps");
    for (std::size_t i = 0; steps.is_array() && i < steps.size(); ++i) {
      check_step(steps[i], pointer_to("/steps", i), i + 1);
    }
  }

  void check_step(const Json& step, const std::string& pointer, std::size_t number) {
    check_verb(step, pointer, "this step does nothing",
               {"do", "advance", "step_wall", "restart", "parallel", "device", "issuer", "tamper"});
    const Json& duration = member(step, "advance");
    check_duration(duration, pointer + "/advance");
    if (const auto by = parse_duration(duration); by && *by < oidc::Duration::zero()) {
      report(pointer + "/advance", "time passes forwards only; use step_wall to set the wall clock back");
    }
    check_duration(member(step, "step_wall"), pointer + "/step_wall");
    check_script(member(member(step, "issuer"), "script"), pointer + "/issuer/script");
    if (step.is_object() && step.contains("do")) {
      check_arguments(step, pointer);
    }
    if (step.is_object() && step.contains("expect")) {
      add_check(step, "step-" + std::to_string(number), pointer);
      for (const char* side : {"ok", "err"}) {
        check_matchers(member(step["expect"], side), pointer + "/expect/" + side);
      }
    } else if (step.is_object()) {
      for (const char* name : {"check", "statement", "level"}) {
        if (step.contains(name)) {
          report(pointer_to(pointer, name),
                 std::string{"\""} + name + "\" belongs to an expectation, and there is no \"expect\" here");
        }
      }
    }
  }

  void check_arguments(const Json& step, const std::string& pointer) {
    const std::string op = oidc::string_member(step, "do").value_or("");
    static const std::map<std::string, std::set<std::string>> kTakers = {{"path", {"request"}},
                                                                         {"mint", {"validate"}},
                                                                         {"token", {"validate", "introspect"}},
                                                                         {"interactive", {"ensure_ready"}},
                                                                         {"scopes", {"login", "device_initiate"}},
                                                                         {"audience", {"login", "device_initiate"}}};
    for (const auto& [name, takers] : kTakers) {
      if (step.contains(name) && !takers.contains(op)) {
        report(pointer_to(pointer, name), "\"" + op + "\" takes no \"" + name + "\"");
      }
    }
    if (op == "validate" && step.contains("mint") == step.contains("token")) {
      report(pointer, "validate needs either \"mint\" or \"token\"");
    }
    if (op == "introspect" && !step.contains("token")) {
      report(pointer, "introspect needs \"token\"");
    }
    if (member(step, "mint").is_object()) {
      if (const auto spec = mockserver::parse_token_spec(step["mint"]); !spec) {
        report_located(pointer + "/mint", spec.error().message);
      }
    }
  }

  void check_expectations(const std::string& pointer, bool named) {
    const Json& checks = member(scenario_, pointer.substr(1));
    for (std::size_t i = 0; checks.is_array() && i < checks.size(); ++i) {
      const std::string here = pointer_to(pointer, i);
      check_verb(checks[i], here, "this check judges nothing", {"requests", "order", "storage", "time", "tokens"});
      if (named) {
        add_check(checks[i], "", here);
      }
      check_requests(member(checks[i], "requests"), here + "/requests");
      check_bounds(member(checks[i], "time"), here + "/time");
      check_matchers(member(member(checks[i], "storage"), "json"), here + "/storage/json");
    }
  }

  void check_requests(const Json& body, const std::string& pointer) {
    if (!body.is_object()) {
      return;
    }
    check_bounds(member(body, "count"), pointer + "/count");
    const Json& gaps = member(body, "gaps");
    if (gaps.is_object()) {
      for (const auto& [number, bounds] : gaps.items()) {
        check_bounds(bounds, pointer_to(pointer + "/gaps", number));
      }
    } else {
      check_bounds(gaps, pointer + "/gaps");
    }
    check_matchers(member(body, "form"), pointer + "/form");
    check_matchers(member(body, "headers"), pointer + "/headers");
    const std::size_t steps = member(scenario_, "steps").size();
    const Json& during = member(body, "during");
    if (during.is_number_integer() && during.get<long long>() > static_cast<long long>(steps)) {
      report(pointer + "/during", "there is no step " + during.dump() + ": the scenario has " + std::to_string(steps));
    }
    if (member(body, "grant").is_string() && member(body, "to").is_string() && body["to"] != "token") {
      report(pointer + "/grant", "only requests to token have a grant");
    }
    if (body.contains("nth") && !body.contains("form") && !body.contains("headers") && !body.contains("absent")) {
      report(pointer + "/nth", "nth selects a request, and nothing is said of it: add form, headers or absent");
    }
    const bool judges = std::ranges::any_of(std::vector<std::string>{"count", "form", "headers", "absent", "gaps"},
                                            [&](const std::string& name) { return body.contains(name); });
    if (!judges) {
      report(pointer, "nothing is said of these requests: add count, form, headers, absent or gaps");
    }
  }

  void check_matchers(const Json& matchers, const std::string& pointer) {
    if (!matchers.is_object()) {
      return;
    }
    for (const auto& [name, matcher] : matchers.items()) {
      check_matcher(matcher, pointer_to(pointer, name));
    }
  }

  void check_matcher(const Json& matcher, const std::string& pointer) {
    if (!matcher.is_object()) {
      return;
    }
    if (const auto text = oidc::string_member(matcher, "re"); text && matcher.size() == 1) {
      try {
        make_pattern(*text);
      } catch (const std::regex_error& error) {
        report(pointer + "/re", "not a regular expression: " + std::string{error.what()});
      }
      return;
    }
    if (const auto text = oidc::string_member(matcher, "same_as"); text && matcher.size() == 1) {
      static const std::regex kForm = make_pattern("[1-9][0-9]*\\.(form|headers)\\.[^.]+");
      if (!std::regex_match(*text, kForm)) {
        report(pointer + "/same_as",
               "not the field of a request: " + oidc::to_text(*text) +
                   " (expected like \"1.form.code_verifier\": request number, form or headers, name)");
      }
      return;
    }
    check_matchers(matcher, pointer);
  }

  void add_check(const Json& check, const std::string& default_id, const std::string& pointer) {
    const std::string id = oidc::string_member(check, "check").value_or(default_id);
    if (!id.empty() && !ids_.insert(id).second) {
      report(pointer + "/check", "the check id \"" + id + "\" is used twice");
    }
    const auto statement = oidc::string_member(check, "statement");
    if (!statement) {
      judged_.insert(statements_.empty() ? "" : statements_.front());
    } else if (std::ranges::find(statements_, *statement) == statements_.end()) {
      misnamed_statement_ = true;  // … and so another one may seem to be judged by nothing
      report_unknown(pointer + "/statement", "not among the scenario's statements:", *statement, statements_);
    } else {
      judged_.insert(*statement);
    }
  }

  void check_statements_judged() {
    std::set<std::string> seen;
    const Json& statements = member(scenario_, "statements");
    for (std::size_t i = 0; statements.is_array() && i < statements.size(); ++i) {
      if (!statements[i].is_string()) {
        continue;
      }
      const auto statement = statements[i].get<std::string>();
      if (!seen.insert(statement).second) {
        report(pointer_to("/statements", i), "the statement " + statement + " is listed twice");
      } else if (!judged_.contains(statement) && !misnamed_statement_) {
        report(pointer_to("/statements", i), "no check judges the statement " + statement);
      }
    }
  }

  void check_catches() {
    const Json& catches = member(scenario_, "catches");
    if (!catches.is_object()) {
      return;
    }
    for (const auto& [fault, check] : catches.items()) {
      if (check.is_string() && !ids_.contains(check.get<std::string>()) && !is_implicit(check.get<std::string>())) {
        report_unknown(pointer_to("/catches", fault), "no such check:", check.get<std::string>(),
                       {ids_.begin(), ids_.end()});
      }
    }
  }

  const Json& scenario_;
  std::vector<std::string> statements_;
  std::set<std::string> ids_;
  std::vector<std::string> script_ids_;
  std::set<std::string> judged_;
  bool misnamed_statement_ = false;
  std::vector<MeaningProblem> problems_;
};

}  // namespace

std::vector<MeaningProblem> check_meaning(const Json& scenario) {
  return MeaningChecker{scenario}.run();
}

}  // namespace scenarios
