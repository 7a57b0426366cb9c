#include "loader/meaning.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "loader/build.hpp"
#include "loader/matcher_forms.hpp"
#include "loader/names.hpp"
#include "loader/values.hpp"
#include "mockserver/config.hpp"
#include "mockserver/issuer.hpp"
#include "mockserver/script.hpp"
#include "oidc/schema.hpp"
#include "runner/places.hpp"
#include "scenarios/condition.hpp"
#include "scenarios/document.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {
namespace {

using oidc::Json;

/// The checks of every scenario (docs/scenarios.md).
bool is_implicit(const std::string& check) {
  return std::ranges::any_of(implicit_checks(), [&](const auto& implicit) { return implicit.id == check; });
}

class MeaningChecker {
 public:
  explicit MeaningChecker(const Json& scenario)
      : scenario_{scenario}, statements_{strings_of(member(scenario, "statements"))} {}

  std::vector<MeaningProblem> run() {
    check_issuer();
    check_script(member(scenario_, "script"), "/script");
    check_duration(member(member(scenario_, "client"), "clock_skew"), "/client/clock_skew");
    check_session();
    check_duration(member(scenario_, "lasts"), "/lasts");
    check_needs(member(scenario_, "needs"), "/needs");
    check_steps();
    check_expectations("/expect", true);
    check_expectations("/reached", false);
    check_rests();
    check_statements_judged();
    check_catches();
    const auto names = name_problems(scenario_);
    problems_.insert(problems_.end(), names.begin(), names.end());
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
    const Json& real = member(member(scenario_, "real"), "issuer");
    for (const auto& [pointer, json] : {std::pair{"/issuer", &overlay}, std::pair{"/real/issuer", &real}}) {
      if (const auto config =
              mockserver::parse_issuer_config(expanded_in_general(json->is_object() ? *json : Json::object()));
          !config) {
        report_located(pointer, config.error().message);
      }
    }
  }

  void check_session() {
    const Json& session = member(scenario_, "session");
    check_duration(member(session, "issued"), "/session/issued");
    if (!member(session, "issued").is_null() && !member(session, "state").is_null()) {
      report("/session/issued", "the tokens' age is said twice: by \"state\" and by \"issued\"");
    }
  }

  /// Only what a client declares can be asked of it before anything was sent.
  void check_needs(const Json& needs, const std::string& pointer) {
    std::vector<std::string> declared;
    for (const Condition& condition : conditions()) {
      if (condition.declared) {
        declared.emplace_back(condition.name);
      }
    }
    const auto policies = strings_of(member(needs, "policy"));
    for (std::size_t i = 0; i < policies.size(); ++i) {
      if (std::ranges::find(declared, policies[i]) == declared.end()) {
        report_unknown(pointer_to(pointer + "/policy", i), "no client declares", policies[i], declared);
      }
    }
  }

  void check_script(const Json& script, const std::string& pointer) {
    for (std::size_t i = 0; script.is_array() && i < script.size(); ++i) {
      if (const auto step = mockserver::parse_step(expanded_in_general(script[i]), i + 1); !step) {
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
      report_unknown(pointer, "no earlier step of the script is", after, script_ids_);
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
               {"do", "advance", "step_wall", "restart", "kill", "parallel", "device", "issuer", "tamper"});
    const Json& duration = member(step, "advance");
    if (duration != "to_due" && duration != "to_expiry") {
      check_duration(duration, pointer + "/advance");
    }
    if (const auto by = parse_duration(duration); by && *by < oidc::Duration::zero()) {
      report(pointer + "/advance", "time passes forwards only; use step_wall to set the wall clock back");
    }
    check_duration(member(step, "step_wall"), pointer + "/step_wall");
    check_script(member(member(step, "issuer"), "script"), pointer + "/issuer/script");
    if (step.is_object() && step.contains("do")) {
      check_arguments(step, pointer);
    }
    step_ids_.push_back(oidc::string_member(step, "check").value_or("step-" + std::to_string(number)));
    if (step.is_object() && step.contains("expect")) {
      check_result(step["expect"], pointer + "/expect");
    }
    const bool judged = step.is_object() && step.contains("expect") && !member(step["expect"], "any").is_boolean();
    if (judged) {
      add_check(step, "step-" + std::to_string(number), pointer);
    } else if (step.is_object()) {
      add_step_id(step, pointer);
      if (step.contains("statement")) {
        report(pointer + "/statement", "\"statement\" belongs to an expectation, and there is no \"expect\" here");
      }
    }
  }

  void check_result(const Json& expect, const std::string& pointer) {
    for (const char* side : {"ok", "err"}) {
      check_matchers(member(expect, side), pointer + "/" + side);
    }
    const Json& alternatives = member(expect, "one_of");
    for (std::size_t i = 0; alternatives.is_array() && i < alternatives.size(); ++i) {
      check_result(alternatives[i], pointer_to(pointer + "/one_of", i));
    }
  }

  void check_arguments(const Json& step, const std::string& pointer) {
    const std::string op = oidc::string_member(step, "do").value_or("");
    static const std::map<std::string, std::set<std::string>> kTakers = {
        {"path", {"request"}},
        {"url", {"request"}},
        {"method", {"request"}},
        {"mint", {"validate"}},
        {"token", {"validate", "introspect", "revoke"}},
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
      if (const auto spec = mockserver::parse_token_spec(expanded_in_general(step["mint"])); !spec) {
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
    check_bounds(member(body, "authentications"), pointer + "/authentications");
    const Json& gaps = member(body, "gaps");
    if (gaps.is_object()) {
      for (const auto& [number, bounds] : gaps.items()) {
        check_bounds(bounds, pointer_to(pointer + "/gaps", number));
      }
    } else {
      check_bounds(gaps, pointer + "/gaps");
    }
    if (!member(gaps, "1").is_null() && !body.contains("since")) {
      report(pointer + "/gaps/1",
             "nothing comes before the first one: say by \"since\" from which endpoint's request it counts");
    }
    check_matchers(member(body, "form"), pointer + "/form");
    check_matchers(member(body, "query"), pointer + "/query");
    check_matchers(member(body, "headers"), pointer + "/headers");
    const std::size_t steps = member(scenario_, "steps").size();
    const Json& during = member(body, "during");
    if (during.is_number_integer() && during.get<long long>() > static_cast<long long>(steps)) {
      report(pointer + "/during", "there is no step " + during.dump() + ": the scenario has " + std::to_string(steps));
    }
    if (member(body, "grant").is_string() && member(body, "to").is_string() && body["to"] != "token") {
      report(pointer + "/grant", "only requests to token have a grant");
    }
    const bool about_each = std::ranges::any_of(std::array{"form", "query", "headers", "absent", "authentications"},
                                                [&](const char* name) { return body.contains(name); });
    if (body.contains("nth") && !about_each) {
      report(pointer + "/nth",
             "nth selects a request, and nothing is said of it: add form, query, headers, absent or authentications");
    }
    if (!about_each && !body.contains("count") && !body.contains("gaps")) {
      report(pointer,
             "nothing is said of these requests: add count, gaps, form, query, headers, absent or "
             "authentications");
    }
  }

  void check_matchers(const Json& matchers, const std::string& pointer) {
    const auto found = matcher_problems(matchers, pointer);
    problems_.insert(problems_.end(), found.begin(), found.end());
  }

  /// Ids are what others rest on and what `catches` names.
  void add_id(const std::string& id, const std::string& pointer) {
    if (!id.empty() && !ids_.insert(id).second) {
      report(pointer + "/check", "the check id \"" + id + "\" is used twice");
    }
  }

  void add_step_id(const Json& step, const std::string& pointer) {
    add_id(oidc::string_member(step, "check").value_or(""), pointer);
    check_needs(member(step, "needs"), pointer + "/needs");
    rests_.emplace_back(&member(step, "rests_on"), pointer + "/rests_on");
  }

  void add_check(const Json& check, const std::string& default_id, const std::string& pointer) {
    add_id(oidc::string_member(check, "check").value_or(default_id), pointer);
    check_needs(member(check, "needs"), pointer + "/needs");
    rests_.emplace_back(&member(check, "rests_on"), pointer + "/rests_on");
    const auto ids = statement_ids(check);
    judged_.insert(ids.begin(), ids.end());
    if (ids.empty() && statements_.empty()) {
      report(pointer, "it judges no statement: name one by \"statement\", or by the scenario's \"statements\"");
    }
    judges_by_default_ = judges_by_default_ || ids.empty();
  }

  void check_rests() {
    std::vector<std::string> known = step_ids_;  // a check of the whole run is nobody's ground
    known.insert(known.end(), script_ids_.begin(), script_ids_.end());
    if (member(scenario_, "browser").is_object()) {
      known.emplace_back("browser");
    }
    for (const auto& [list, pointer] : rests_) {
      const auto names = strings_of(*list);
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::ranges::find(known, names[i]) == known.end()) {
          report_unknown(pointer_to(pointer, i), "no step of the scenario, of its script or of its browser is",
                         names[i], known);
        }
      }
    }
  }

  void check_statements_judged() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (!seen.insert(statements_[i]).second) {
        report(pointer_to("/statements", i), "the statement " + statements_[i] + " is listed twice");
      } else if (!judges_by_default_ && !judged_.contains(statements_[i])) {
        report(pointer_to("/statements", i), "no check judges the statement " + statements_[i]);
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
  std::vector<std::string> step_ids_;
  std::set<std::string> judged_;
  bool judges_by_default_ = false;
  std::vector<std::pair<const Json*, std::string>> rests_;  // each `rests_on`, and its pointer
  std::vector<MeaningProblem> problems_;
};

}  // namespace

std::vector<MeaningProblem> check_meaning(const Json& scenario) {
  return MeaningChecker{scenario}.run();
}

}  // namespace scenarios
