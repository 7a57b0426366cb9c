#include "runner/scenario_run.hpp"

#include <algorithm>

#include "checks/check.hpp"
#include "loader/values.hpp"
#include "runner/needs.hpp"

namespace scenarios {
namespace {

using oidc::Json;

constexpr oidc::TimePoint kT0 = std::chrono::sys_days{std::chrono::January / 1 / 2030};

oidc::Duration skew_of(const Scenario& scenario) {
  return scenario.client.contains("clock_skew") ? parse_duration(scenario.client["clock_skew"]).value()
                                                : oidc::Duration::zero();
}

mockserver::IssuerConfig config_of(const Scenario& scenario, std::uint64_t seed) {
  auto config = mockserver::parse_issuer_config(scenario.issuer).value();
  if (!scenario.issuer.contains("seed")) {
    config.seed = seed;
  }
  return config;
}

/// The registered client that authenticates in this way.
const mockserver::ClientConfig& registered_client(const mockserver::IssuerConfig& config, const std::string& auth) {
  const auto client =
      std::ranges::find(config.clients, auth, [](const auto& candidate) { return to_string(candidate.auth); });
  if (client == config.clients.end()) {
    throw std::runtime_error{"the issuer has no client with authentication " + auth};
  }
  return *client;
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

ScenarioRun::ScenarioRun(const Scenario& scenario, AdapterFactory& factory, Hosting& hosting)
    : scenario_{scenario},
      factory_{factory},
      storage_{directory_.path() / "storage"},
      clock_{kT0},
      client_clock_{clock_, skew_of(scenario)},
      seed_{seed_of(scenario.id)},
      lodging_{hosting.lodge(config_of(scenario, seed_), clock_)},
      browser_(scenario.browser, lodging_->browser_transport()) {
  std::filesystem::create_directory(storage_);
  std::filesystem::permissions(storage_, std::filesystem::perms::owner_all);
  setup_ = make_setup();
  setup_.ca_file = hosting.ca_file();
  std::size_t position = 0;
  for (const Json& step : scenario.script) {
    lodging_->issuer().script().add(mockserver::parse_step(step, ++position).value());
  }
}

ClientSetup ScenarioRun::make_setup() const {
  const auto& config = lodging_->issuer().config();
  ClientSetup setup;
  setup.issuer = lodging_->issuer().base_url();
  setup.flow = flow_of(scenario_);
  const bool unattended = setup.flow == "client_credentials";
  setup.client_auth =
      oidc::string_member(scenario_.client, "auth").value_or(unattended ? "client_secret_basic" : "none");
  const auto& client = registered_client(config, setup.client_auth);
  setup.client_id = client.id;
  setup.client_secret = client.secret;
  if (client.auth == mockserver::ClientAuthMethod::kPrivateKeyJwt) {
    setup.client_private_key = mockserver::client_private_key();
  }
  if (setup.flow == "password") {
    setup.username = config.users.front().sub;
    setup.password = config.users.front().password;
  }
  setup.scopes = unattended ? std::vector<std::string>{"api"} : std::vector<std::string>{"openid", "offline_access"};
  if (scenario_.client.contains("scopes")) {
    setup.scopes = scenario_.client["scopes"].get<std::vector<std::string>>();
  }
  setup.audience = oidc::string_member(scenario_.client, "audience").value_or(config.audience);
  setup.redirect_uri = "http://127.0.0.1:0/callback";
  setup.storage_dir = storage_.string();
  if (scenario_.client.contains("options")) {
    setup.options = scenario_.client["options"];
  }
  return setup;
}

std::variant<std::unique_ptr<Adapter>, Broken> ScenarioRun::start_another() {
  const Surroundings surroundings{client_clock_, [this](const std::string& url) { return browser_.open(url); },
                                  &lodging_->transport(), seed_ + clients_started_++};
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

std::optional<std::string> ScenarioRun::seed_session() {
  if (!scenario_.session) {
    return std::nullopt;
  }
  const Session& session = *scenario_.session;
  mockserver::SessionSpec spec;
  spec.client = setup_.client_id;
  spec.scopes = session.scopes.empty() ? setup_.scopes : session.scopes;
  spec.issued_at = kT0 + session.issued;
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
  {
    const oidc::VirtualClock::Actor actor{clock_};
    broken_at_start_ = start_client();
    evidence_.started = !broken_at_start_;
    if (client_) {
      evidence_.typed_errors = client_->hello().capabilities.contains("typed_errors");
      evidence_.unsupported = unmet_need(scenario_, client_->hello());
    }
    if (client_ && evidence_.unsupported.empty()) {
      seed_problem_ = seed_session().value_or("");
      evidence_.started = seed_problem_.empty();
      evidence_.storage_before = take_snapshot(storage_);
      if (evidence_.started) {
        run_steps();
      }
    }
    evidence_.virtual_time = since_start();
    end(std::move(client_));
  }
  fill(outcome, gather());
}

Evidence ScenarioRun::gather() {
  auto& issuer = lodging_->issuer();
  evidence_.exchanges = issuer.journal().exchanges();
  std::erase_if(evidence_.exchanges, [this](const auto& exchange) { return foreign_.contains(exchange.seq); });
  evidence_.storage_after = take_snapshot(storage_);
  evidence_.live_tokens = issuer.live_tokens();
  evidence_.ledger = &issuer.ledger();
  evidence_.client_secrets = client_secrets();
  for (const auto& state : issuer.script().states()) {
    ++evidence_.scripted;
    if (state.undelivered()) {
      evidence_.undelivered.push_back(state.step.id);
    }
  }
  return std::move(evidence_);
}

void ScenarioRun::fill(Outcome& outcome, const Evidence& evidence) const {
  const auto hide = [this](const std::string& text) { return redact(text); };
  outcome.steps = evidence.records;
  outcome.exchanges = lodging_->issuer().journal().exchanges();
  outcome.storage_before = scenarios::redacted(evidence.storage_before, hide);
  outcome.storage_after = scenarios::redacted(evidence.storage_after, hide);
  outcome.output = redact(evidence.output);
  outcome.virtual_time = evidence.virtual_time;
  outcome.checks = judge(scenario_, evidence);
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
    outcome.checks.insert(outcome.checks.begin(), {"seed",
                                                   "",
                                                   Verdict::kErrorAdapter,
                                                   "",
                                                   "storage_seed saves the tokens of an earlier login",
                                                   redact(seed_problem_),
                                                   {}});
  }
}

}  // namespace scenarios
