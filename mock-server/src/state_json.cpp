#include "state_json.hpp"

#include <utility>

#include "registration.hpp"
#include "stores/state_json.hpp"

namespace mockserver {
namespace {

oidc::Json ledger_to_json(const Ledger::State& state) {
  oidc::Json entries = oidc::Json::array();
  for (const auto& entry : state.entries) {
    entries.push_back({{"name", entry.name},
                       {"kind", entry.kind},
                       {"value", entry.value},
                       {"parent", entry.parent},
                       {"issued_at", time_to_json(entry.issued_at)}});
  }
  return {{"entries", std::move(entries)}, {"counters", state.counters}};
}

Ledger::State ledger_from(const oidc::Json& json) {
  Ledger::State state;
  for (const oidc::Json& entry : json.at("entries")) {
    state.entries.push_back({.name = entry.at("name"),
                             .kind = entry.at("kind"),
                             .value = entry.at("value"),
                             .parent = entry.at("parent"),
                             .issued_at = time_from(entry.at("issued_at"))});
  }
  for (const auto& [kind, count] : json.at("counters").items()) {
    state.counters.emplace(kind, count.get<std::size_t>());
  }
  return state;
}

/// The secrets of those who registered themselves, by client id; the others' are in the configuration.
oidc::Json secrets_of_registered(const WorldState& state) {
  oidc::Json secrets = oidc::Json::object();
  for (const ClientPtr& client : state.registry.clients) {
    if (state.registrations.registrations.contains(client->id)) {
      secrets[client->id] = client->secret;
    }
  }
  return secrets;
}

/// Makes the clients anew from what they registered. Throws `oidc::Failure` for metadata that this issuer would not
/// take now.
void register_again(const World& world, const oidc::Json& secrets, WorldState& state) {
  for (const auto& [id, registration] : state.registrations.registrations) {
    if (!secrets.contains(id)) {
      continue;  // it was removed by the control API
    }
    auto client = registered_client(registration, world.config, id, secrets.at(id).get<std::string>()).value();
    std::erase_if(state.registry.clients, [&id = id](const ClientPtr& other) { return other->id == id; });
    state.registry.clients.push_back(std::make_shared<const ClientConfig>(std::move(client)));
  }
}

}  // namespace

oidc::Json state_to_json(const World& world) {
  const WorldState state = snapshot(world);
  return {{"random", world.random.position()},
          {"ledger", ledger_to_json(world.ledger.snapshot())},
          {"keys", to_json(state.keys)},
          {"tokens", to_json(state.tokens)},
          {"codes", to_json(state.codes)},
          {"devices", to_json(state.devices)},
          {"decisions", state.decisions.responses},
          {"assertions", to_json(state.assertions)},
          {"pushed", to_json(state.pushed)},
          {"browsers", to_json(state.browsers)},
          {"registrations", to_json(state.registrations)},
          {"secrets", secrets_of_registered(state)}};
}

oidc::Status state_from_json(World& world, const oidc::Json& json) {
  // The file's digest has told that it is as we wrote it; what a member lacks is one of another version.
  try {
    WorldState state = snapshot(world);
    state.keys = keys_from(json.at("keys"));
    state.tokens = tokens_from(json.at("tokens"));
    state.codes = codes_from(json.at("codes"));
    state.devices = devices_from(json.at("devices"));
    state.decisions.responses = json.at("decisions").get<std::map<std::string, std::string>>();
    state.assertions = assertions_from(json.at("assertions"));
    state.pushed = pushed_from(json.at("pushed"));
    state.browsers = browsers_from(json.at("browsers"));
    state.registrations = registrations_from(json.at("registrations"));
    register_again(world, json.at("secrets"), state);
    Ledger::State ledger = ledger_from(json.at("ledger"));
    const auto position = json.at("random").get<std::uint64_t>();
    restore(world, std::move(state));
    world.ledger.restore(std::move(ledger));
    world.random.skip_to(position);
  } catch (const oidc::Json::exception&) {
    return oidc::Error{oidc::Errc::kCorruptStorage, "the state is of another version"};
  } catch (const oidc::Failure&) {
    return oidc::Error{oidc::Errc::kCorruptStorage, "the state holds a key or a client that cannot be read"};
  }
  return oidc::Done{};
}

}  // namespace mockserver
