#include <set>
#include <shared_mutex>

#include "control/actions.hpp"
#include "control/script_edit.hpp"
#include "world.hpp"

namespace mockserver::control {
namespace {

oidc::Json to_json(const Script::StepState& state) {
  oidc::Json json = mockserver::to_json(state.step);
  json["seen"] = state.seen;
  json["delivered"] = state.delivered;
  json["undelivered"] = state.undelivered();
  return json;
}

/// A step that waits for one that is not there would never come.
std::optional<Problem> check_after(const std::vector<Step>& steps, const std::set<std::string>& ids,
                                   const std::string& prefix) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string& after = steps[i].when.after;
    if (!after.empty() && !ids.contains(after)) {
      return Problem{.detail = "there is no step of this id",
                     .pointer = prefix + "/" + std::to_string(i) + "/when/after",
                     .suggestion = oidc::nearest_name(after, {ids.begin(), ids.end()})};
    }
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<Step>, Problem> parse_steps(const oidc::Json& json, const Script& script,
                                                     const IssuerConfig& config, const std::string& prefix) {
  std::set<std::string> taken;
  for (const auto& state : script.states()) {
    taken.insert(state.step.id);
  }
  std::vector<Step> steps;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string pointer = prefix + "/" + std::to_string(i);
    auto step = parse_step(json[i], taken.size() + 1);
    if (const auto checked = step ? check_step(*step, config) : oidc::Status{step.error()}; !checked) {
      return to_problem(checked.error(), pointer);
    }
    const bool named = json[i].contains("id");
    // After a removal the step at this position may have its number's name already.
    for (std::size_t n = 1; !named && taken.contains(step->id); ++n) {
      step->id = "step-" + std::to_string(n);
    }
    if (!taken.insert(step->id).second) {
      return Problem{.detail = "another step has this id", .pointer = pointer + "/id"};
    }
    steps.push_back(*std::move(step));
  }
  if (auto problem = check_after(steps, taken, prefix)) {
    return *std::move(problem);
  }
  return steps;
}

oidc::HttpResponse list_steps(Call& call) {
  oidc::Json steps = oidc::Json::array();
  for (const auto& state : call.issuer->script().states()) {
    steps.push_back(to_json(state));
  }
  return json_reply(200, {{"steps", std::move(steps)}});
}

oidc::HttpResponse add_steps(Call& call) {
  const bool many = call.body.is_array();
  const oidc::Json json = many ? call.body : oidc::Json::array({call.body});
  const std::scoped_lock lock{call.world.editing};
  const std::shared_lock reading{call.issuer->world().settings};
  auto parsed = parse_steps(json, call.issuer->script(), call.issuer->config(), "");
  if (auto* problem = std::get_if<Problem>(&parsed)) {
    if (!many) {
      problem->pointer.erase(0, 2);  // the array around the single step is ours
    }
    return problem_reply(*problem);
  }
  oidc::Json ids = oidc::Json::array();
  for (Step& step : std::get<std::vector<Step>>(parsed)) {
    ids.push_back(step.id);
    call.issuer->script().add(std::move(step));
  }
  return json_reply(201, {{"ids", std::move(ids)}});
}

oidc::HttpResponse clear_steps(Call& call) {
  call.issuer->script().clear();
  return {.status = 204, .headers = {}, .body = ""};
}

oidc::HttpResponse delete_step(Call& call) {
  if (call.issuer->script().remove(call.name)) {
    return {.status = 204, .headers = {}, .body = ""};
  }
  std::vector<std::string> ids;
  for (const auto& state : call.issuer->script().states()) {
    ids.push_back(state.step.id);
  }
  return problem_reply(
      {.status = 404, .detail = "there is no step of this id", .suggestion = oidc::nearest_name(call.name, ids)});
}

}  // namespace mockserver::control
