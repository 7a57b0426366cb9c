#include "loader/names.hpp"

#include <algorithm>

#include "loader/values.hpp"
#include "mockserver/config.hpp"
#include "oidc/schema.hpp"
#include "runner/places.hpp"
#include "scenarios/document.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using Names = std::vector<std::string>;

constexpr const char* kNoClient = "no client of the scenario's issuer is";

class NameChecker {
 public:
  explicit NameChecker(const Json& scenario) : scenario_{scenario} { learn_names(); }

  std::vector<MeaningProblem> run() {
    check_placeholders(member(scenario_, "issuer"), "/issuer");
    check_placeholders(member(member(scenario_, "real"), "issuer"), "/real/issuer");
    check_script(member(scenario_, "script"), "/script");
    check_name(member(member(scenario_, "client"), "auth"), "/client/auth",
               "no client of the scenario's issuer authenticates by", methods_);
    const Json& steps = member(scenario_, "steps");
    for (std::size_t i = 0; steps.is_array() && i < steps.size(); ++i) {
      check_step(steps[i], pointer_to("/steps", i));
    }
    return std::move(problems_);
  }

 private:
  /// Whom the issuer knows; nobody where its configuration is wrong, which is told already, or where more may register.
  void learn_names() {
    const Json& overlay = member(scenario_, "issuer");
    const auto config =
        mockserver::parse_issuer_config(expanded_in_general(overlay.is_object() ? overlay : Json::object()));
    if (!config || !member(overlay, "registration").is_null()) {
      return;
    }
    for (const auto& client : config->clients) {
      clients_.push_back(client.id);
      methods_.emplace_back(to_string(client.auth));
    }
    for (const auto& user : config->users) {
      users_.push_back(user.sub);
    }
    subjects_ = clients_;  // of tokens that they got for themselves
    subjects_.insert(subjects_.end(), users_.begin(), users_.end());
  }

  void check_step(const Json& step, const std::string& pointer) {
    if (!step.is_object()) {
      return;
    }
    for (const auto& [name, value] : step.items()) {
      if (name != "expect" && name != "because" && name != "issuer") {
        check_placeholders(value, pointer_to(pointer, name));
      }
    }
    check_script(member(member(step, "issuer"), "script"), pointer + "/issuer/script");
    const Json& mint = member(step, "mint");
    check_name(member(mint, "client"), pointer + "/mint/client", kNoClient, clients_);
    check_name(member(mint, "sub"), pointer + "/mint/sub", "no user of the scenario's issuer is", users_);
  }

  void check_script(const Json& script, const std::string& pointer) {
    check_placeholders(script, pointer);
    for (std::size_t i = 0; script.is_array() && i < script.size(); ++i) {
      const Json& when = member(script[i], "when");
      const std::string here = pointer_to(pointer, i) + "/when";
      check_name(member(when, "client"), here + "/client", kNoClient, clients_);
      check_name(member(when, "subject"), here + "/subject", "no user or client of the scenario's issuer is",
                 subjects_);
    }
  }

  void check_placeholders(const Json& json, const std::string& pointer) {
    if (json.is_string()) {
      for (const std::string& name : unknown_placeholders(json.get_ref<const std::string&>())) {
        report(pointer, "there is no placeholder", name, placeholder_names());
      }
    } else if (json.is_array()) {
      for (std::size_t i = 0; i < json.size(); ++i) {
        check_placeholders(json[i], pointer_to(pointer, i));
      }
    } else if (json.is_object()) {
      for (const auto& [name, value] : json.items()) {
        check_placeholders(value, pointer_to(pointer, name));
      }
    }
  }

  void check_name(const Json& name, const std::string& pointer, const std::string& what, const Names& known) {
    if (name.is_string() && !known.empty() && std::ranges::find(known, name.get<std::string>()) == known.end()) {
      report(pointer, what, name.get<std::string>(), known);
    }
  }

  void report(const std::string& pointer, const std::string& what, const std::string& name, const Names& known) {
    problems_.push_back({pointer, what + " \"" + name + "\"" + " (expected one of: " + list_of(known) +
                                      oidc::did_you_mean(name, known) + ")"});
  }

  static std::string list_of(const Names& names) {
    std::string text;
    for (const std::string& name : names) {
      text += (text.empty() ? "" : ", ") + name;
    }
    return text;
  }

  const Json& scenario_;
  Names clients_;
  Names users_;
  Names subjects_;
  Names methods_;
  std::vector<MeaningProblem> problems_;
};

}  // namespace

std::vector<MeaningProblem> name_problems(const Json& scenario) {
  return NameChecker{scenario}.run();
}

}  // namespace scenarios
