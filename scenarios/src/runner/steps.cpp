#include <fmt/format.h>

#include <thread>

#include "checks/check.hpp"
#include "loader/values.hpp"
#include "oidc/base64url.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"
#include "runner/needs.hpp"
#include "runner/scenario_run.hpp"

namespace scenarios {
namespace {

using oidc::Errc;
using oidc::Error;
using oidc::Json;

constexpr const char* kUserinfo = "/userinfo";
constexpr oidc::Duration kStagger{1};

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string describe(const StepAction& action) {
  return std::visit(
      Overloaded{[](const DoStep& step) { return step.op; },
                 [](const AdvanceStep& step) {
                   return step.to == AdvanceStep::To::kDue      ? std::string{"advance until the token is due"}
                          : step.to == AdvanceStep::To::kExpiry ? std::string{"advance until the token has expired"}
                                                                : "advance " + seconds_text(step.by) + " s";
                 },
                 [](const StepWallStep& step) { return "set the wall clock by " + seconds_text(step.by) + " s"; },
                 [](const RestartStep& step) {
                   return step.kill             ? std::string{"kill and start anew"}
                          : step.change.empty() ? std::string{"restart"}
                                                : "restart with " + oidc::to_text(step.change);
                 },
                 [](const ParallelStep& step) {
                   return fmt::format("{} x {} in {}", step.count, step.op, step.clients ? "clients" : "threads");
                 },
                 [](const DeviceStep& step) { return "the user's decision: " + step.decision; },
                 [](const IssuerStep& step) { return "issuer: " + oidc::to_text(step.action); },
                 [](const TamperStep& step) { return "tamper: " + oidc::to_text(step.action); }},
      action);
}

Err no_redirect(std::string why) {
  Err err;
  err.kind = "timeout";
  err.message = std::move(why);
  return err;
}

bool broke_down(const StepEvidence& went) {
  for (const CallResult& result : went.results) {
    if (std::holds_alternative<Broken>(result) || std::holds_alternative<Overdue>(result)) {
      return true;
    }
  }
  return !went.obstacle.empty();
}

}  // namespace

void ScenarioRun::run_steps() {
  for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
    if (!run_step(scenario_.steps[i], i)) {
      return;
    }
  }
}

bool ScenarioRun::run_step(const ScenarioStep& step, std::size_t index) {
  StepEvidence& went = evidence_.steps[index];
  if (!unmet_need(step.judged.needs, hello_).empty()) {
    went.skipped = true;
    return true;
  }
  StepRecord record;
  record.index = index + 1;
  record.description = describe(step.action);
  record.at = since_start();
  const std::size_t before = exchanges_so_far();
  const bool is_watched = leaves_a_mark(step.action);
  const Footprint footprint_before = is_watched ? footprint() : Footprint{};
  went.ran = true;
  if (!is_suppressed(step.action)) {
    std::visit([&](const auto& action) { execute(action, went); }, step.action);
  }
  if (is_watched && went.obstacle.empty() && !broke_down(went) && evidence_.unsupported.empty()) {
    went.obstacle = missing_effect(step.action, footprint_before, footprint(), went);
  }
  const std::size_t after = exchanges_so_far();
  if (after > before) {
    record.first_exchange = before + 1;
    record.last_exchange = after;
  }
  record.took = since_start() - record.at;
  record.result = went.results.empty() ? went.obstacle : redact(scenarios::describe(went.results));
  evidence_.records.push_back(std::move(record));
  return !broke_down(went) && evidence_.unsupported.empty();
}

Footprint ScenarioRun::footprint() {
  auto& issuer = lodging_->issuer();
  oidc::Clock& clock = time_->clock();
  return {clients_started_, take_snapshot(storage_), issuer.state(), issuer.script().states().size(),
          clock.now().time_since_epoch() - clock.steady_now()};
}

/// For the guard: a step that is left out on purpose, to see that it is missed.
bool ScenarioRun::is_suppressed(const StepAction& action) const {
  const auto* restart = std::get_if<RestartStep>(&action);
  const std::string_view kind = restart != nullptr                             ? (restart->kill ? "kill" : "restart")
                                : std::holds_alternative<StepWallStep>(action) ? "step_wall"
                                : std::holds_alternative<IssuerStep>(action)   ? "issuer"
                                                                               : "";
  return !kind.empty() && settings_.suppress == kind;
}

oidc::Result<Call> ScenarioRun::to_call(const std::string& op, const Json& written) {
  const Json args = expanded(written, lodging_->places());
  Call call{op, args};
  auto& issuer = lodging_->issuer();
  if (op == "request") {
    if (const auto url = oidc::string_member(args, "url")) {
      evidence_.asked_for.push_back(*url);
    }
    const std::string below = issuer.base_url() + oidc::string_member(args, "path").value_or(kUserinfo);
    call.args = {{"url", oidc::string_member(args, "url").value_or(below)}};
    if (const auto method = oidc::string_member(args, "method")) {
      call.args["method"] = *method;
    }
  } else if (op == "validate" && args.contains("mint")) {
    const auto spec = mockserver::parse_token_spec(args["mint"]);
    auto token = spec ? issuer.mint_token(*spec) : oidc::Result<std::string>{spec.error()};
    if (!token) {
      return token.error();
    }
    call.args = {{"token", *std::move(token)}, {"kind", spec->kind}};
  } else if (op == "validate" || op == "introspect" || (op == "revoke" && args.contains("token"))) {
    const std::string name = oidc::string_member(args, "token").value_or("");
    // What is not a token's name is judged as it is: "not.a.jwt".
    const auto value = issuer.ledger().value_of(name);
    if (!value && is_lineage_name(name)) {
      return Error{Errc::kNotFound, name + " was not issued"};
    }
    call.args = {{"token", value.value_or(name)}, {"kind", name.starts_with("id#") ? "id" : "access"}};
  }
  return call;
}

void ScenarioRun::execute(const DoStep& step, StepEvidence& went) {
  const auto call = to_call(step.op, step.args);
  if (!call) {
    went.obstacle = call.error().message;
    return;
  }
  went.results.push_back(cleaned(this->call(*client_, *call)));
}

/// What the client does for an operation that it may have in parts.
CallResult ScenarioRun::call(Adapter& client, const Call& call) {
  if (call.op == "renew") {
    return renew(client);
  }
  return call.op == "login" && !hello_.ops.contains("login") ? log_in_by_halves(client, call) : client.call(call);
}

/// For clients whose login is two operations: without a listener the user agent's redirect is handed over by the
/// caller.
CallResult ScenarioRun::log_in_by_halves(Adapter& client, const Call& call) {
  if (setup_.flow == "device") {
    CallResult begun = client.call({"device_initiate", call.args});
    return std::holds_alternative<Ok>(begun) ? client.call({"device_complete"}) : begun;
  }
  CallResult begun = client.call({"authorization_url", call.args});
  const auto* ok = std::get_if<Ok>(&begun);
  const auto url = ok == nullptr ? std::nullopt : oidc::string_member(ok->value, "url");
  if (!url) {
    return ok == nullptr ? begun : CallResult{Broken{Broken::Who::kAdapter, "authorization_url gave no \"url\""}};
  }
  const auto way = browser_.visit(*url);
  if (!way) {
    return no_redirect(way.error().message);
  }
  if (way->url.empty()) {
    return no_redirect("the user did not come back");
  }
  Json args = {{"url", way->url}};
  if (!way->form.empty()) {
    args["form"] = way->form;
  }
  return client.call({"callback", args});
}

/// The client gets a new token in the way that it declares.
CallResult ScenarioRun::renew(Adapter& client) {
  using When = RefreshPolicy::When;
  if (hello_.policy.refresh.when == When::kOnRequest && hello_.ops.contains("refresh")) {
    return client.call({"refresh"});
  }
  if (hello_.policy.refresh.when == When::kOn401 && hello_.ops.contains("request")) {
    CallResult asked = client.call({"request", {{"url", lodging_->issuer().base_url() + kUserinfo}}});
    if (!std::holds_alternative<Ok>(asked)) {
      return asked;
    }
  }
  return client.call({"get_access_token"});
}

/// How long it is until the newest access token is due, or has expired.
oidc::Duration ScenarioRun::until(AdvanceStep::To to) const {
  oidc::TimePoint issued{};
  for (const auto& entry : lodging_->issuer().ledger().entries()) {
    issued = entry.kind == "at" ? entry.issued_at : issued;
  }
  const oidc::Duration age = age_at(to, hello_.policy, lifetime());
  return std::max(oidc::Duration::zero(), issued + age - time_->clock().now());
}

void ScenarioRun::execute(const AdvanceStep& step, StepEvidence& /*went*/) {
  time_->advance(step.to == AdvanceStep::To::kBy ? step.by : until(step.to));
}

void ScenarioRun::execute(const StepWallStep& step, StepEvidence& went) {
  if (!time_->step_wall(step.by)) {
    went.obstacle = "the client's clock cannot be set";
  }
}

void ScenarioRun::execute(const RestartStep& step, StepEvidence& went) {
  if (step.kill && client_->kill()) {
    evidence_.output += client_->output();
    client_.reset();
  }
  end(std::move(client_));
  configure_anew(step.change);
  if (auto broken = start_client()) {
    went.results.emplace_back(*std::move(broken));
  }
}

void ScenarioRun::execute(const ParallelStep& step, StepEvidence& went) {
  const auto call = to_call(step.op, step.args);
  if (!call) {
    went.obstacle = call.error().message;
    return;
  }
  std::vector<std::unique_ptr<Adapter>> own;
  const std::size_t count = settings_.suppress == "company" ? 1 : step.count;
  std::vector<Adapter*> clients(count, client_.get());
  for (std::size_t i = 0; step.clients && i < count; ++i) {
    auto started = start_another();
    if (auto* broken = std::get_if<Broken>(&started)) {
      went.results.emplace_back(std::move(*broken));
      break;
    }
    own.push_back(std::get<0>(std::move(started)));
    clients[i] = own.back().get();
  }
  if (went.results.empty()) {
    went.results = call_at_once(clients, *call);
  }
  for (auto& client : own) {
    end(std::move(client));
  }
}

std::vector<CallResult> ScenarioRun::call_at_once(const std::vector<Adapter*>& clients, const Call& call) {
  std::vector<CallResult> results(clients.size());
  std::vector<std::string> exceptions(clients.size());
  {
    // All actors exist before the first thread runs: else time would jump for those that are early.
    std::vector<std::unique_ptr<RunClock::Actor>> actors;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      actors.push_back(time_->join());
    }
    const oidc::WaitScope waiting{time_->clock()};
    for (std::size_t i = 0; i < clients.size(); ++i) {
      threads.emplace_back([&, i, actor = std::move(actors[i])] {
        try {
          // A moment apart: who is first is then the same in each run. A client that waits meets the next one.
          time_->clock().sleep_for(kStagger * static_cast<int>(i));
          results[i] = this->call(*clients[i], call);
        } catch (const std::exception& error) {
          exceptions[i] = error.what();
        }
      });
    }
    threads.clear();  // joins
  }
  for (const std::string& exception : exceptions) {
    if (!exception.empty()) {
      throw std::runtime_error{exception};
    }
  }
  for (CallResult& result : results) {
    result = cleaned(std::move(result));
  }
  return results;
}

void ScenarioRun::execute(const DeviceStep& step, StepEvidence& went) {
  auto& issuer = lodging_->issuer();
  const auto decision = step.decision == "approve" ? mockserver::Decision::kApprove : mockserver::Decision::kDeny;
  const auto done = step.decision == "expire" ? issuer.expire_device("") : issuer.decide_device("", decision);
  went.obstacle = done ? "" : done.error().message;
}

void ScenarioRun::execute(const IssuerStep& step, StepEvidence& went) {
  const std::size_t before = exchanges_so_far();
  const auto done = act_at_issuer(step.action);
  for (std::size_t seq = before + 1; seq <= exchanges_so_far(); ++seq) {
    foreign_.insert(seq);
  }
  went.obstacle = done ? "" : done.error().message;
}

oidc::Status ScenarioRun::act_at_issuer(const Json& action) {
  auto& issuer = lodging_->issuer();
  const std::string verb = action.begin().key();
  const Json& value = action.begin().value();
  if (verb == "rotate_keys") {
    issuer.rotate_keys(value == "keep");
  } else if (verb == "revoke") {
    return issuer.revoke(value.get<std::string>());
  } else if (verb == "expire") {
    return issuer.expire(value.get<std::string>());
  } else if (verb == "refresh_elsewhere") {
    return refresh_elsewhere(value.get<std::string>());
  } else {
    std::size_t position = issuer.script().states().size();
    for (const Json& step : value) {
      issuer.script().add(mockserver::parse_step(expanded(step, lodging_->places()), ++position).value());
    }
  }
  return oidc::Done{};
}

/// Redeems the token as a copy of the client would. It passes the script like any request.
oidc::Status ScenarioRun::refresh_elsewhere(const std::string& name) {
  auto& issuer = lodging_->issuer();
  const auto token = issuer.ledger().value_of(name);
  if (!token) {
    return Error{Errc::kNotFound, name + " was not issued"};
  }
  oidc::Form form{{"grant_type", "refresh_token"}, {"refresh_token", *token}};
  oidc::HttpRequest request{"POST", issuer.base_url() + "/token", {}, ""};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("User-Agent", "assay-somebody-else");
  if (setup_.client_auth == "client_secret_basic") {
    const std::string pair = oidc::form_encode(setup_.client_id) + ":" + oidc::form_encode(setup_.client_secret);
    request.headers.add("Authorization", "Basic " + oidc::base64_encode(pair));
  } else {
    form.add("client_id", setup_.client_id);
    if (!setup_.client_secret.empty()) {
      form.add("client_secret", setup_.client_secret);
    }
  }
  request.body = form.encode();
  const int status = issuer.handle(request).response.status;
  if (status != 200) {
    return Error{Errc::kServer, fmt::format("redeeming {} elsewhere gave status {}", name, status)};
  }
  return oidc::Done{};
}

void ScenarioRun::execute(const TamperStep& step, StepEvidence& went) {
  if (step.action.contains("saving")) {
    if (saving_fails_ && has_news(before_saving_failed_, take_snapshot(storage_))) {
      went.obstacle = "something was saved while saving was to fail";
    }
    saving_fails_ = step.action["saving"] == "fails";
    before_saving_failed_ = without_empty(take_snapshot(storage_));
    if (settings_.suppress != "tamper" && !client_->set_saving_fails(saving_fails_)) {
      evidence_.unsupported = "the client's saving cannot be made to fail";
    }
    return;
  }
  if (settings_.suppress != "tamper" && tamper(storage_, step.action) == 0) {
    went.obstacle = "the client had stored nothing to tamper with";
  }
  evidence_.storage_before = take_snapshot(storage_);
}

}  // namespace scenarios
