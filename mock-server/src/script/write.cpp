#include "mockserver/script.hpp"

namespace mockserver {
namespace {

oidc::Json to_json(const FieldRule& rule) {
  if (rule.equals) {
    return *rule.equals;
  }
  return rule.contains ? oidc::Json{{"contains", *rule.contains}} : oidc::Json(rule.present);
}

oidc::Json to_json(const std::vector<FieldRule>& rules) {
  auto json = oidc::Json::object();
  for (const FieldRule& rule : rules) {
    json[rule.name] = to_json(rule);
  }
  return json;
}

oidc::Json to_json(const Moment& moment) {
  if (const auto* time = std::get_if<oidc::TimePoint>(&moment)) {
    return oidc::format_iso8601(*time);
  }
  return std::chrono::duration<double>(std::get<oidc::Duration>(moment)).count();
}

oidc::Json to_json(const When& when) {
  auto json = oidc::Json::object();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      json[name] = value;
    }
  };
  add("endpoint", when.endpoint);
  add("grant", when.grant);
  add("client", when.client);
  add("subject", when.subject);
  add("after", when.after);
  if (!when.headers.empty()) {
    json["header"] = to_json(when.headers);
  }
  if (!when.form.empty()) {
    json["form"] = to_json(when.form);
  }
  if (when.token_generation) {
    json["token_generation"] = *when.token_generation;
  }
  if (when.clock_between) {
    json["clock_between"] = oidc::Json::array({to_json(when.clock_between->from), to_json(when.clock_between->until)});
  }
  if (when.nth > 0) {
    json["nth"] = when.nth;
  }
  return json;
}

}  // namespace

oidc::Json to_json(const Step& step) {
  const oidc::Json take = step.times ? oidc::Json(*step.times) : oidc::Json("forever");
  const oidc::Json times = step.skip > 0 ? oidc::Json{{"skip", step.skip}, {"take", take}} : take;
  oidc::Json json = {{"id", step.id},
                     {"when", to_json(step.when)},
                     {"times", times},
                     {"optional", step.optional},
                     {"consumed", step.before_validation ? "before" : "after"},
                     {"do", step.action}};
  if (step.probability < 1) {
    json["probability"] = step.probability;
  }
  return json;
}

}  // namespace mockserver
