#include <algorithm>

#include "control/timestamp.hpp"
#include "embedded.hpp"
#include "mockserver/script.hpp"
#include "places.hpp"
#include "schema_check.hpp"
#include "script/combinations.hpp"

namespace mockserver {
namespace {

// The schema has settled every type before any of this runs.

oidc::Duration seconds(const oidc::Json& json) {
  return control::read_seconds(json);
}

std::vector<FieldRule> read_rules(const oidc::Json& json) {
  std::vector<FieldRule> rules;
  for (const auto& [name, value] : json.items()) {
    FieldRule rule{.name = name};
    if (value.is_string()) {
      rule.equals = value.get<std::string>();
    } else if (value.is_boolean()) {
      rule.present = value.get<bool>();
    } else {
      rule.contains = value.at("contains").get<std::string>();
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::optional<Moment> read_moment(const oidc::Json& json) {
  if (json.is_number()) {
    return Moment{seconds(json)};
  }
  const auto time = control::parse_iso8601(json.get<std::string>());
  return time ? std::optional{Moment{*time}} : std::nullopt;
}

oidc::Result<ClockWindow> read_window(const oidc::Json& json) {
  const auto from = read_moment(json[0]);
  const auto until = read_moment(json[1]);
  if (!from || !until) {
    return oidc::Error{oidc::Errc::kBadInput, std::string{"/when/clock_between/"} + (from ? "1" : "0") +
                                                  ": seconds from the issuer's creation, or an ISO 8601 time with its "
                                                  "zone, is expected"};
  }
  return ClockWindow{*from, *until};
}

oidc::Result<When> read_when(const oidc::Json& json) {
  When when;
  when.endpoint = json.value("endpoint", "");
  when.grant = json.value("grant", "");
  when.client = json.value("client", "");
  when.subject = json.value("subject", "");
  when.headers = read_rules(json.value("header", oidc::Json::object()));
  when.form = read_rules(json.value("form", oidc::Json::object()));
  when.after = json.value("after", "");
  when.nth = json.value("nth", std::size_t{0});
  if (json.contains("token_generation")) {
    when.token_generation = json["token_generation"].get<std::size_t>();
  }
  if (json.contains("clock_between")) {
    const auto window = read_window(json["clock_between"]);
    if (!window) {
      return window.error();
    }
    when.clock_between = *window;
  }
  return when;
}

std::optional<std::size_t> read_count(const oidc::Json& json) {
  return json.is_string() ? std::nullopt : std::optional{json.get<std::size_t>()};
}

void read_times(const oidc::Json& json, Step& step) {
  if (!json.is_object()) {
    step.times = read_count(json);
    return;
  }
  step.skip = json.value("skip", std::size_t{0});
  if (json.contains("take")) {
    step.times = read_count(json["take"]);
  }
}

oidc::Status check_set_time(const oidc::Json& action) {
  const auto value = action.find("set_time");
  if (value != action.end() && !control::parse_iso8601(value->get<std::string>())) {
    return oidc::Error{oidc::Errc::kBadInput, "/do/set_time: an ISO 8601 time with its zone is expected"};
  }
  return oidc::Done{};
}

Rate read_rate(const oidc::Json& json) {
  return {.limit = json["limit"].get<std::size_t>(),
          .window = seconds(json["window"]),
          .key = json.value("key", std::string{"all"})};
}

}  // namespace

oidc::Result<Step> parse_step(const oidc::Json& json, std::size_t position) {
  static const oidc::Schema kSchema = embedded_schema(assay::embedded::step_schema_json_text);
  if (const auto checked = check_schema(kSchema, json); !checked) {
    return checked.error();
  }
  Step step;
  step.id = json.value("id", "step-" + std::to_string(position));
  auto when = read_when(json.value("when", oidc::Json::object()));
  if (!when) {
    return when.error();
  }
  step.when = *std::move(when);
  if (json.contains("times")) {
    read_times(json["times"], step);
  }
  step.probability = json.value("probability", 1.0);
  step.before_validation = json.value("consumed", "") == "before";
  step.optional = json.value("optional", false);
  step.action = json["do"];
  if (step.action.contains("rate")) {
    step.rate = read_rate(step.action["rate"]);
  }
  // Whether the issuer has a second origin is known where the step meets its issuer.
  for (const auto& checked : {check_set_time(step.action), check_places(step.action, "/do", true)}) {
    if (!checked) {
      return checked.error();
    }
  }
  if (const auto checked = check_combinations(step); !checked) {
    return checked.error();
  }
  return step;
}

oidc::Status check_step(const Step& step, const IssuerConfig& config) {
  return check_places(step.action, "/do", !config.second_origin.empty());
}

}  // namespace mockserver
