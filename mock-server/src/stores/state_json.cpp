#include "stores/state_json.hpp"

#include <utility>

#include <openssl/pem.h>

#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

using oidc::Json;

std::string to_pem(EVP_PKEY& key) {
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return "";
  }
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Json key_to_json(const SigningKeyPtr& key) {
  return key ? Json{{"alg", key->alg}, {"pem", to_pem(*key->pkey)}} : Json{};
}

SigningKeyPtr signing_key_from(const Json& json) {
  return json.is_null() ? nullptr : read_signing_key(json.at("pem").get<std::string>(), json.at("alg"));
}

KeyRing::Shown shown_from(const Json& json) {
  const int number = json.get<int>();
  return number == 0 ? KeyRing::Shown::kYes : number == 1 ? KeyRing::Shown::kLate : KeyRing::Shown::kNo;
}

std::string decision_name(Decision decision) {
  return decision == Decision::kApprove ? "approve" : decision == Decision::kDeny ? "deny" : "pending";
}
Decision decision_from(const Json& json) {
  return json == "approve" ? Decision::kApprove : json == "deny" ? Decision::kDeny : Decision::kPending;
}

}  // namespace

Json time_to_json(oidc::TimePoint time) {
  return time.time_since_epoch().count();
}
Json time_to_json(const std::optional<oidc::TimePoint>& time) {
  return time ? time_to_json(*time) : Json{};
}
oidc::TimePoint time_from(const Json& json) {
  return oidc::TimePoint{oidc::Duration{json.get<oidc::Duration::rep>()}};
}
std::optional<oidc::TimePoint> optional_time_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional{time_from(json)};
}

Json to_json(const CodeStore::State& state) {
  Json codes = Json::array();
  for (const auto& [value, entry] : state.codes) {
    const Code& code = entry.code;
    codes.push_back({{"value", value},
                     {"used", entry.used},
                     {"grant", code.grant},
                     {"name", code.name},
                     {"client", code.client},
                     {"redirect_uri", code.redirect_uri},
                     {"challenge", code.challenge},
                     {"expires_at", time_to_json(code.expires_at)}});
  }
  return codes;
}

CodeStore::State codes_from(const Json& json) {
  CodeStore::State state;
  for (const Json& entry : json) {
    Code code;
    code.grant = entry.at("grant");
    code.name = entry.at("name");
    code.client = entry.at("client");
    code.redirect_uri = entry.at("redirect_uri");
    code.challenge = entry.at("challenge");
    code.expires_at = time_from(entry.at("expires_at"));
    state.codes.emplace(entry.at("value"), CodeStore::CodeState{std::move(code), entry.at("used")});
  }
  return state;
}

Json to_json(const DeviceStore::State& state) {
  Json devices = Json::array();
  for (const auto& entry : state.devices) {
    const DeviceGrant& grant = entry.grant;
    devices.push_back({{"device_code", grant.device_code},
                       {"user_code", grant.user_code},
                       {"name", grant.name},
                       {"client", grant.client},
                       {"scopes", grant.scopes},
                       {"audience", grant.audience},
                       {"issued_at", time_to_json(grant.issued_at)},
                       {"expires_at", time_to_json(grant.expires_at)},
                       {"interval", grant.interval.count()},
                       {"planned", decision_name(grant.planned)},
                       {"planned_at", time_to_json(grant.planned_at)},
                       {"decision", entry.decision ? Json(decision_name(*entry.decision)) : Json{}},
                       {"last_poll", time_to_json(entry.last_poll)},
                       {"given", entry.given},
                       {"pending", entry.pending},
                       {"login", entry.grant.login ? login_to_json(*entry.grant.login) : Json{}}});
  }
  return devices;
}

DeviceStore::State devices_from(const Json& json) {
  DeviceStore::State state;
  for (const Json& entry : json) {
    DeviceStore::DeviceState device;
    device.grant.device_code = entry.at("device_code");
    device.grant.user_code = entry.at("user_code");
    device.grant.name = entry.at("name");
    device.grant.client = entry.at("client");
    device.grant.scopes = entry.at("scopes").get<std::vector<std::string>>();
    device.grant.audience = entry.value("audience", Json{});
    device.grant.issued_at = time_from(entry.at("issued_at"));
    device.grant.expires_at = time_from(entry.at("expires_at"));
    device.grant.interval = std::chrono::seconds{entry.at("interval").get<std::int64_t>()};
    device.grant.planned = decision_from(entry.at("planned"));
    device.grant.planned_at = time_from(entry.at("planned_at"));
    if (!entry.at("decision").is_null()) {
      device.decision = decision_from(entry.at("decision"));
    }
    device.last_poll = optional_time_from(entry.at("last_poll"));
    device.given = entry.at("given");
    device.pending = entry.at("pending");
    if (!entry.at("login").is_null()) {
      device.grant.login = login_from(entry.at("login"));
    }
    state.devices.push_back(std::move(device));
  }
  return state;
}

Json to_json(const AssertionStore::State& state) {
  Json used = Json::array();
  for (const auto& [id, until] : state.used) {
    used.push_back({{"id", id}, {"until", time_to_json(until)}});
  }
  return used;
}

AssertionStore::State assertions_from(const Json& json) {
  AssertionStore::State state;
  for (const Json& entry : json) {
    state.used.emplace(entry.at("id"), time_from(entry.at("until")));
  }
  return state;
}

Json to_json(const KeyRing::State& state) {
  Json chains = Json::array();
  for (const KeyRing::Chain& chain : state.chains) {
    Json keys = Json::array();
    for (const auto& [key, shown] : chain.keys) {
      keys.push_back({{"key", key_to_json(key)}, {"shown", static_cast<int>(shown)}});
    }
    Json retired = Json::array();
    for (const SigningKeyPtr& key : chain.retired) {
      retired.push_back(key_to_json(key));
    }
    chains.push_back({{"alg", chain.algorithm->name},
                      {"signs", chain.signs},
                      {"keys", std::move(keys)},
                      {"next", key_to_json(chain.next)},
                      {"next_shown", chain.next_shown},
                      {"retired", std::move(retired)},
                      {"unpublished", key_to_json(chain.unpublished)}});
  }
  return {{"chains", std::move(chains)}, {"used_rsa", state.used_rsa}};
}

KeyRing::State keys_from(const Json& json) {
  KeyRing::State state;
  for (const Json& entry : json.at("chains")) {
    KeyRing::Chain chain;
    chain.algorithm = find_algorithm(entry.at("alg").get<std::string>());
    if (chain.algorithm == nullptr) {
      throw oidc::Failure{{oidc::Errc::kCorruptStorage, "a key of an unknown algorithm"}};
    }
    chain.signs = entry.at("signs");
    for (const Json& key : entry.at("keys")) {
      chain.keys.push_back({signing_key_from(key.at("key")), shown_from(key.at("shown"))});
    }
    chain.next = signing_key_from(entry.at("next"));
    chain.next_shown = entry.at("next_shown");
    for (const Json& key : entry.at("retired")) {
      chain.retired.push_back(signing_key_from(key));
    }
    chain.unpublished = signing_key_from(entry.at("unpublished"));
    state.chains.push_back(std::move(chain));
  }
  state.used_rsa = json.at("used_rsa");
  return state;
}

}  // namespace mockserver
