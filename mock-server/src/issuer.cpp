#include "mockserver/issuer.hpp"

#include <mutex>
#include <shared_mutex>

#include "authorization.hpp"
#include "embedded.hpp"
#include "endpoints/endpoint.hpp"
#include "issue.hpp"
#include "oidc/url.hpp"
#include "pipeline.hpp"
#include "places.hpp"
#include "reply.hpp"
#include "schema_check.hpp"
#include "state_json.hpp"
#include "world.hpp"

namespace mockserver {
namespace {

oidc::Error invalid(std::string message) {
  return {oidc::Errc::kInvalidArgument, std::move(message)};
}

/// What a person wrote may be a lineage name or the value itself.
std::string value_of(const Ledger& ledger, std::string_view token_or_name) {
  return ledger.value_of(token_or_name).value_or(std::string{token_or_name});
}

oidc::Status known(const World& world, const std::string& client, const std::string& sub) {
  if (world.registry.client(client) == nullptr) {
    return invalid("unknown client \"" + client + "\"");
  }
  if (world.registry.user(sub) == nullptr) {
    return invalid("unknown user \"" + sub + "\"");
  }
  return oidc::Done{};
}

/// A minted access token that is as it should be is a real one: userinfo, introspection and resources
/// know it, with the scopes, audience and binding that it says. Its life ends when its `exp` says so.
void make_live(World& world, const std::string& value, const Grant& grant, const oidc::Json& claims,
               oidc::TimePoint now) {
  const auto exp = claims.find("exp");
  if (exp == claims.end() || !exp->is_number_integer()) {
    return;
  }
  AccessToken record;
  record.grant = world.tokens.open(grant);
  record.name = world.ledger.name_of(value).value_or("");
  if (auto scopes = parse_scopes(oidc::string_member(claims, "scope").value_or(""))) {
    record.scopes = *std::move(scopes);
  }
  record.dpop_jkt = oidc::string_member(claims.value("cnf", oidc::Json{}), "jkt").value_or("");
  record.jti = oidc::string_member(claims, "jti").value_or("");
  record.audience = claims.value("aud", oidc::Json{});
  record.issued_at = now;
  // Far enough away for everybody, and safe to compute with.
  constexpr std::int64_t kLatest = 1LL << 40;
  record.expires_at =
      oidc::TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(exp->get<std::int64_t>(), 0, kLatest)}};
  world.tokens.add(value, std::move(record));
}

}  // namespace

class Issuer::State : public World {
 public:
  using World::World;
  bool follows_requests = false;
};

oidc::Result<TokenSpec> parse_token_spec(const oidc::Json& json) {
  static const oidc::Schema kSchema = embedded_schema(assay::embedded::token_schema_json_text);
  if (const auto checked = check_schema(kSchema, json); !checked) {
    return checked.error();
  }
  TokenSpec spec;
  spec.kind = json.value("kind", spec.kind);
  spec.client = json.value("client", spec.client);
  spec.sub = json.value("sub", spec.sub);
  spec.claims = json.value("claims", spec.claims);
  spec.header = json.value("header", spec.header);
  spec.sign = json.value("sign", spec.sign);
  return spec;
}

Issuer::Issuer(IssuerConfig config, std::string base_url, oidc::Clock& clock)
    : state_{std::make_unique<State>(std::move(config), std::move(base_url), clock)} {}

Issuer::~Issuer() = default;

std::string Issuer::base_url() const {
  const std::shared_lock reading{state_->settings};
  return state_->base_url;
}
const IssuerConfig& Issuer::config() const {
  return state_->config;
}
oidc::Clock& Issuer::clock() const {
  return state_->clock;
}
Script& Issuer::script() {
  return state_->script;
}
const Journal& Issuer::journal() const {
  return state_->journal;
}
const Ledger& Issuer::ledger() const {
  return state_->ledger;
}

World& Issuer::world() {
  return *state_;
}

void Issuer::follow_requests() {
  state_->follows_requests = true;
}

Reply Issuer::handle(const oidc::HttpRequest& request) {
  std::shared_lock reading{state_->settings};
  const auto url = state_->follows_requests ? oidc::parse_url(request.url) : oidc::Error{};
  if (!url || url->origin() == state_->origin()) {
    return answer(*state_, request);
  }
  reading.unlock();
  // Alone until it is answered: every token of the reply names the origin that this request came to.
  const std::unique_lock alone{state_->settings};
  state_->move_to(url->origin());
  return answer(*state_, request);
}

Reply Issuer::refuse_stray(const oidc::HttpRequest& request) {
  const std::shared_lock reading{state_->settings};
  return answer_stray(*state_, request);
}

oidc::Result<oidc::Json> Issuer::mint_session(const SessionSpec& spec) {
  const std::shared_lock reading{state_->settings};
  if (const auto checked = known(*state_, spec.client, spec.sub); !checked) {
    return checked.error();
  }
  Grant grant{spec.client, spec.sub, spec.scopes, "", spec.issued_at};
  const GrantId id = state_->tokens.open(grant);
  return issue_tokens(*state_, {id, std::move(grant), spec.scopes, "", spec.issued_at}, {});
}

oidc::Result<std::string> Issuer::mint_token(const TokenSpec& spec) {
  const std::shared_lock reading{state_->settings};
  if (const auto checked = known(*state_, spec.client, spec.sub); !checked) {
    return checked.error();
  }
  World& world = *state_;
  const oidc::TimePoint now = world.now();
  const bool access = spec.kind == "access";
  const Grant grant{spec.client, spec.sub, world.config.scopes, "", now};
  const ClientPtr client = world.registry.client(spec.client);
  oidc::Json claims = access ? access_claims(world, client.get(), grant, grant.scopes, now)
                             : id_claims(world, client.get(), grant, now);
  const oidc::Json patches = {{"claims", spec.claims}, {"header", spec.header}};
  const auto placed = with_places(world, patches, "");
  if (!placed) {
    return placed.error();
  }
  claims.merge_patch((*placed)["claims"]);
  const std::string& alg = id_token_alg_of(world.config, client.get());
  const std::string_view secret = alg.starts_with("HS") ? client->secret : std::string_view{};
  TokenChanges changes;
  changes.sign = spec.sign;
  std::string value = make_jwt(world, access ? JwtKind{kAccessTyp} : JwtKind{kIdTyp, alg, secret}, claims,
                               (*placed)["header"], changes);
  world.ledger.record(access ? "at" : "id", value, "", now);
  if (access && spec.sign == "active") {
    make_live(world, value, grant, claims, now);
  }
  return value;
}

oidc::Status Issuer::decide_device(std::string_view user_code, Decision decision) {
  const std::shared_lock reading{state_->settings};
  return state_->devices.decide(value_of(state_->ledger, user_code), decision, state_->now());
}

oidc::Status Issuer::expire_device(std::string_view user_code) {
  const std::shared_lock reading{state_->settings};
  return state_->devices.expire(value_of(state_->ledger, user_code), state_->now());
}

oidc::Result<std::string> Issuer::decide_authorization(std::string_view request_url, Decision decision) {
  const std::shared_lock reading{state_->settings};
  if (decision == Decision::kPending) {
    return invalid("a decision is approve or deny");
  }
  const oidc::HttpRequest request{"GET", std::string{request_url}, {}, ""};
  const auto url = oidc::parse_url(request.url);
  const Endpoint* endpoint = url ? find_endpoint(*state_, url->path) : nullptr;
  if (endpoint == nullptr || endpoint->name != "authorize") {
    return invalid("not a URL of this issuer's authorization endpoint");
  }
  Call call{*state_, request, state_->now()};
  call.method = "GET";
  call.url = *url;
  if (const auto trusted = trust_redirect_uri(call); !trusted) {
    return invalid(trusted.error().message);
  }
  const auto parsed = read_authorization(call);
  if (!parsed) {
    return invalid(parsed.error().message);
  }
  const auto login = login_without_asking(call, parsed->login);
  if (!login) {
    return invalid(login.error().message);
  }
  const oidc::Form decided = decision == Decision::kApprove ? approved(call, *parsed, *login) : denied(call);
  if (state_->config.interaction == Interaction::kApi) {
    state_->decisions.put(call.form.encode(), decided.encode());
  }
  return authorization_response(call, decided);
}

std::string Issuer::rotate_keys(bool keep_old, std::string_view publish) {
  return state_->keys.rotate({keep_old, publication_of(publish)})->kid();
}

oidc::Status Issuer::retire_key(std::string_view kid) {
  return state_->keys.retire(kid);
}

oidc::Json Issuer::keys() const {
  oidc::Json keys = oidc::Json::array();
  for (const KeyState& key : state_->keys.list()) {
    keys.push_back({{"kid", key.kid}, {"alg", key.alg}, {"state", key.state}, {"published", key.published}});
  }
  return keys;
}

oidc::Status Issuer::revoke(std::string_view token_or_name) {
  const std::shared_lock reading{state_->settings};
  const std::string value = value_of(state_->ledger, token_or_name);
  auto grant = state_->tokens.grant_of(value);
  if (!grant) {
    grant = state_->codes.grant_of(value);
    state_->codes.expire(value, state_->now());  // else it would still give tokens, dead ones
  }
  if (!grant) {
    return oidc::Error{oidc::Errc::kNotFound, "no such token"};
  }
  state_->tokens.revoke(*grant);
  return oidc::Done{};
}

oidc::Status Issuer::expire(std::string_view token_or_name) {
  const std::shared_lock reading{state_->settings};
  const std::string value = value_of(state_->ledger, token_or_name);
  const oidc::TimePoint now = state_->now();
  if (state_->tokens.expire(value, now) || state_->codes.expire(value, now) ||
      state_->devices.expire_device_code(value, now)) {
    return oidc::Done{};
  }
  return oidc::Error{oidc::Errc::kNotFound, "no such token"};
}

std::optional<oidc::TimePoint> Issuer::expiry_of(std::string_view token_or_name) const {
  const std::shared_lock reading{state_->settings};
  const auto expiry = state_->tokens.expiry_of(value_of(state_->ledger, token_or_name));
  return expiry ? std::optional{*expiry - state_->config.skew - state_->scripted_skew.load()} : std::nullopt;
}

std::vector<std::string> Issuer::live_tokens() const {
  const std::shared_lock reading{state_->settings};
  return state_->tokens.live_names(state_->now());
}

void Issuer::checkpoint(std::string_view name) {
  state_->checkpoints.put(name, snapshot(*state_));
}

oidc::Status Issuer::restore(std::string_view name) {
  const auto kept = state_->checkpoints.find(name);
  if (!kept) {
    return oidc::Error{oidc::Errc::kNotFound, "no state was kept under \"" + std::string{name} + "\""};
  }
  mockserver::restore(*state_, *kept);
  return oidc::Done{};
}

oidc::Json Issuer::state() const {
  return state_to_json(*state_);
}

oidc::Status Issuer::set_state(const oidc::Json& state) {
  return state_from_json(*state_, state);
}

oidc::Json Issuer::verdict() const {
  auto undelivered = oidc::Json::array();
  for (const auto& state : state_->script.states()) {
    if (state.undelivered()) {
      undelivered.push_back(state.step.id);
    }
  }
  auto unmatched = oidc::Json::array();
  for (const auto& exchange : state_->journal.exchanges()) {
    if (exchange.endpoint.empty()) {
      unmatched.push_back({{"seq", exchange.seq}, {"method", exchange.method}, {"path", exchange.path}});
    }
  }
  auto failed = state_->journal.failed_expectations();
  // An unmatched request counts even if the journal has dropped it.
  return {{"as_expected", undelivered.empty() && state_->journal.unmatched() == 0 && failed.empty()},
          {"undelivered_steps", std::move(undelivered)},
          {"unmatched_requests", std::move(unmatched)},
          {"failed_expectations", std::move(failed)},
          {"exchanges", state_->journal.count("")},
          {"dropped", state_->journal.dropped()}};
}

}  // namespace mockserver
