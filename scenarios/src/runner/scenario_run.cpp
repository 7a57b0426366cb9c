#include "runner/scenario_run.hpp"

#include <algorithm>

#include "checks/check.hpp"
#include "loader/values.hpp"
#include "runner/configuration.hpp"

namespace scenarios {
namespace {

using oidc::Json;

oidc::Duration skew_of(const Scenario& scenario, const RunSettings& settings) {
  return scenario.client.contains("clock_skew") && settings.suppress != "skew"
             ? parse_duration(scenario.client["clock_skew"]).value()
             : oidc::Duration::zero();
}

/// True if a script step keeps a connection open without an answer, which costs real time.
bool replies_may_hang(const Scenario& scenario) {
  return std::ranges::any_of(scenario.script,
                             [](const Json& step) {
                               const Json verbs = step.value("do", Json::object());
                               return verbs.contains("hang") || verbs.contains("trickle") || verbs.contains("barrier");
                             }) ||
         scenario.browser.contains("silent");
}

/// A line that is this key's own: the first ones of a PEM text are the same for all RSA keys.
std::string line_within(std::string_view pem) {
  const std::size_t begin = pem.find('\n', pem.size() / 2) + 1;
  return std::string{pem.substr(begin, pem.find('\n', begin) - begin)};
}

Json redacted(const Json& json, const Secrets& secrets) {
  if (json.is_string()) {
    return secrets.redact(json.get<std::string>());
  }
  Json result = json;
  if (json.is_structured()) {
    for (Json& item : result) {
      item = redacted(item, secrets);
    }
  }
  return result;
}

}  // namespace

std::uint64_t seed_of(const std::string& scenario_id) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : scenario_id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash;
}

ScenarioRun::ScenarioRun(const Scenario& scenario, AdapterFactory& factory, Hosting& hosting, const Hello& hello,
                         const RunSettings& settings)
    : scenario_{scenario},
      factory_{factory},
      hello_{hello},
      settings_{settings},
      storage_{directory_.path() / "storage"},
      time_{make_run_clock(hello.time, directory_.path(), skew_of(scenario, settings))},
      began_{time_->clock().steady_now()},
      client_clock_{time_->clock(), time_->skews_the_client() ? oidc::Duration::zero() : skew_of(scenario, settings)},
      seed_{seed_of(scenario.id)},
      lodging_{hosting.lodge([&](const Places& places) { return issuer_config(scenario, seed_, hello.time, places); },
                             seed_, time_->clock())},
      browser_(scenario.browser, lodging_->browser_transport(), settings.suppress == "browser") {
  std::filesystem::create_directory(storage_);
  std::filesystem::permissions(storage_, std::filesystem::perms::owner_all);
  if (auto setup = client_setup(scenario, hello, lodging_->issuer())) {
    setup_ = *std::move(setup);
  } else {
    evidence_.unsupported = setup.error().message;
  }
  setup_.storage_dir = storage_.string();
  setup_.ca_file = hosting.ca_file();
}

void ScenarioRun::load_script() {
  std::size_t position = 0;
  for (Json step : scenario_.script) {
    if (settings_.suppress == "script") {
      step["when"]["nth"] = 1'000'000;  // never
    }
    lodging_->issuer().script().add(mockserver::parse_step(expanded(step, lodging_->places()), ++position).value());
  }
}

void ScenarioRun::configure_anew(const Json& change) {
  if (change.contains("scopes")) {
    setup_.scopes = change["scopes"].get<std::vector<std::string>>();
  }
  setup_.audience = oidc::string_member(change, "audience").value_or(setup_.audience);
  if (change.contains("options")) {
    setup_.options = change["options"];
  }
}

/// What the scenario wants the client's process to find around it, and what it takes to live on the run's clock.
std::vector<std::string> ScenarioRun::environment() const {
  std::vector<std::string> all = time_->environment();
  if (const auto zone = oidc::string_member(scenario_.surroundings, "time_zone")) {
    all.push_back("TZ=" + *zone);
  }
  if (const auto proxy = oidc::string_member(scenario_.surroundings, "proxy")) {
    for (const char* name : {"HTTP_PROXY=", "HTTPS_PROXY=", "http_proxy=", "https_proxy="}) {
      all.push_back(name + *proxy);
    }
  }
  return all;
}

std::variant<std::unique_ptr<Adapter>, Broken> ScenarioRun::start_another() {
  const Surroundings surroundings{client_clock_,
                                  [this](const std::string& url) { return browser_.open(url); },
                                  &lodging_->transport(),
                                  seed_ + clients_started_++,
                                  [this] { return exchanges_so_far(); },
                                  environment(),
                                  replies_may_hang(scenario_),
                                  oidc::string_member(scenario_.surroundings, "umask").value_or(""),
                                  [this] { return lodging_->served(); },
                                  scenario_.lasts};
  auto started = factory_.start(setup_, surroundings);
  if (auto* client = std::get_if<std::unique_ptr<Adapter>>(&started); client != nullptr && saving_fails_) {
    (*client)->set_saving_fails(true);
  }
  return started;
}

std::optional<Broken> ScenarioRun::start_client() {
  auto started = start_another();
  if (auto* broken = std::get_if<Broken>(&started)) {
    return std::move(*broken);
  }
  client_ = std::get<0>(std::move(started));
  return std::nullopt;
}

void ScenarioRun::end(std::unique_ptr<Adapter> client) {
  if (client == nullptr) {
    return;
  }
  const auto ended = client->shutdown();
  if (const auto* broken = std::get_if<Broken>(&ended)) {
    evidence_.unclean_exits.push_back(*broken);
  }
  evidence_.output += client->output();
}

std::chrono::seconds ScenarioRun::lifetime() const {
  return lodging_->issuer().config().lifetimes.access;
}

/// How long ago the stored login happened. Expired is so also for a client that allows for some leeway.
oidc::Duration ScenarioRun::age_of_session() const {
  const Session& session = *scenario_.session;
  if (session.issued) {
    return -*session.issued;
  }
  switch (session.state) {
    case TokenState::kFresh:
      return {};
    case TokenState::kDue:
      if (hello_.policy.refresh.is_ahead()) {
        return hello_.policy.refresh.due_after(lifetime());
      }
      break;
    case TokenState::kExpired:
      break;
  }
  return lifetime() + hello_.policy.leeway + std::chrono::seconds{100};
}

/// For a client whose store cannot be filled: it logs in, and time passes. None of that is the scenario.
std::optional<std::string> ScenarioRun::log_in_before() {
  const CallResult result = cleaned(call(*client_, {"login"}));
  if (const auto* broken = std::get_if<Broken>(&result)) {
    broken_at_start_ = *broken;
  }
  for (const auto& exchange : lodging_->issuer().journal().exchanges()) {
    foreign_.insert(exchange.seq);
  }
  if (!std::holds_alternative<Ok>(result)) {
    return "the login that it begins with gave " + describe(result);
  }
  time_->advance(age_of_session());
  return std::nullopt;
}

std::optional<std::string> ScenarioRun::seed_session() {
  if (!scenario_.session) {
    return std::nullopt;
  }
  if (!hello_.ops.contains("storage_seed")) {
    return log_in_before();
  }
  const Session& session = *scenario_.session;
  mockserver::SessionSpec spec;
  spec.client = setup_.client_id;
  spec.scopes = session.scopes.empty() ? setup_.scopes : session.scopes;
  spec.issued_at = time_->start() - age_of_session();
  Json stored = lodging_->issuer().mint_session(spec).value();
  const auto issued = oidc::epoch_seconds(spec.issued_at).count();
  stored["_iat"] = issued;
  if (stored.contains("expires_in") && stored["expires_in"].is_number_integer()) {
    stored["_exp"] = issued + stored["expires_in"].get<std::int64_t>();
  }
  for (const std::string& member : session.omit) {
    stored.erase(member);
  }
  stored.merge_patch(session.patch);
  const CallResult seeded = client_->call({"storage_seed", {{"credential", stored}}});
  return std::holds_alternative<Ok>(seeded) ? std::nullopt : std::optional{describe(seeded)};
}

std::vector<ClientSecret> ScenarioRun::client_secrets() const {
  std::vector<ClientSecret> secrets;
  for (const auto& client : lodging_->issuer().config().clients) {
    secrets.push_back({client.id, client.secret});
  }
  for (const auto& user : lodging_->issuer().config().users) {
    secrets.push_back({user.sub, user.password});
  }
  secrets.push_back({"service-jwt", line_within(mockserver::client_private_key())});
  return secrets;
}

std::string ScenarioRun::redact(const std::string& text) const {
  return Secrets{lodging_->issuer().ledger(), client_secrets()}.redact(text);
}

CallResult ScenarioRun::cleaned(CallResult result) {
  if (auto* ok = std::get_if<Ok>(&result)) {
    ok->value = redacted(ok->value, Secrets{lodging_->issuer().ledger(), client_secrets()});
  } else if (auto* err = std::get_if<Err>(&result)) {
    evidence_.messages.push_back(err->message);
    err->message = redact(err->message);
  } else if (auto* broken = std::get_if<Broken>(&result)) {
    broken->what = redact(broken->what);
  }
  return result;
}

void ScenarioRun::run(Outcome& outcome) {
  evidence_.steps.resize(scenario_.steps.size());
  evidence_.hello = hello_;
  evidence_.slack = time_->slack();
  if (evidence_.unsupported.empty()) {
    const auto actor = time_->join();
    broken_at_start_ = start_client();
    evidence_.not_started = broken_at_start_ ? "start" : "";
    if (client_) {
      seed_problem_ = seed_session().value_or("");
      load_script();
      evidence_.not_started = broken_at_start_ ? "start" : seed_problem_.empty() ? "" : "seed";
      evidence_.storage_before = take_snapshot(storage_);
      const oidc::Duration before = since_start();  // a login, and until its tokens had aged
      if (seed_problem_.empty()) {
        run_steps();
      }
      evidence_.virtual_time = since_start() - before;
    }
    end(std::move(client_));
  }
  fill(outcome, gather());
}

Evidence ScenarioRun::gather() {
  auto& issuer = lodging_->issuer();
  evidence_.exchanges = issuer.journal().exchanges();
  std::erase_if(evidence_.exchanges, [this](const auto& exchange) { return foreign_.contains(exchange.seq); });
  const auto elsewhere = lodging_->wiretap().elsewhere(exchanges_so_far() + 1, issuer.ledger());
  evidence_.exchanges.insert(evidence_.exchanges.end(), elsewhere.begin(), elsewhere.end());
  evidence_.reveal = [this](const std::string& shown) { return lodging_->wiretap().value_of(shown); };
  evidence_.storage_after = take_snapshot(storage_);
  evidence_.live_tokens = issuer.live_tokens();
  evidence_.ledger = &issuer.ledger();
  evidence_.client_secrets = client_secrets();
  for (const auto& state : issuer.script().states()) {
    if (state.undelivered()) {
      evidence_.undelivered.push_back(state.step.id);
    }
  }
  if (!browser_.behaved()) {
    evidence_.undelivered.emplace_back("browser");
  }
  if (client_clock_.now() - time_->clock().now() != skew_of(scenario_, {}) && !time_->skews_the_client()) {
    evidence_.undelivered.emplace_back("clock-skew");
  }
  if (saving_fails_ && has_news(before_saving_failed_, evidence_.storage_after)) {
    evidence_.undelivered.emplace_back("saving-fails");
  }
  return std::move(evidence_);
}

void ScenarioRun::fill(Outcome& outcome, const Evidence& evidence) const {
  const Secrets secrets{lodging_->issuer().ledger(), client_secrets()};
  const auto hide = [&](const std::string& text) { return secrets.redact(text); };
  outcome.steps = evidence.records;
  outcome.exchanges = lodging_->issuer().journal().exchanges();
  for (const auto& exchange : evidence.exchanges) {
    if (exchange.seq > exchanges_so_far()) {
      outcome.exchanges.push_back(exchange);  // what came to this machine and to no issuer
    }
  }
  outcome.storage_before = scenarios::redacted(evidence.storage_before, hide);
  outcome.storage_after = scenarios::redacted(evidence.storage_after, hide);
  outcome.output = hide(evidence.output);
  outcome.virtual_time = evidence.virtual_time;
  outcome.checks = judge(scenario_, evidence, settings_.rules);
  outcome.client_started = !broken_at_start_.has_value();
  if (broken_at_start_) {
    const bool by_sut = broken_at_start_->who == Broken::Who::kSut;
    outcome.checks.insert(outcome.checks.begin(), {"start",
                                                   "",
                                                   by_sut ? Verdict::kErrorSut : Verdict::kErrorAdapter,
                                                   "",
                                                   "the client starts",
                                                   redact(broken_at_start_->what),
                                                   {}});
  } else if (!seed_problem_.empty()) {
    outcome.checks.insert(outcome.checks.begin(),
                          {"seed",
                           "",
                           hello_.ops.contains("storage_seed") ? Verdict::kErrorAdapter : Verdict::kNotReached,
                           "",
                           "the tokens of an earlier login are there",
                           redact(seed_problem_),
                           {}});
  }
}

}  // namespace scenarios
