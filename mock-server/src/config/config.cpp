#include "mockserver/config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "claim_templates.hpp"
#include "config/readers.hpp"
#include "embedded.hpp"
#include "places.hpp"
#include "schema_check.hpp"

namespace mockserver {
namespace {

Decision read_decision(const oidc::Json& json) {
  if (json == "approve") {
    return Decision::kApprove;
  }
  return json == "deny" ? Decision::kDeny : Decision::kPending;
}

ReusePolicy read_reuse(const oidc::Json& json) {
  if (json == "accept") {
    return ReusePolicy::kAccept;
  }
  return json == "reject" ? ReusePolicy::kReject : ReusePolicy::kRevokeFamily;
}

Interaction read_interaction(const oidc::Json& json) {
  if (json == "form") {
    return Interaction::kForm;
  }
  return json == "api" ? Interaction::kApi : Interaction::kAuto;
}

UnknownScopes read_unknown_scopes(const oidc::Json& json) {
  if (!json.contains("unknown_scopes")) {
    return UnknownScopes::kIgnoreIfOpenId;
  }
  return json["unknown_scopes"] == "refuse" ? UnknownScopes::kRefuse : UnknownScopes::kIgnore;
}

DeviceConfig read_device(const oidc::Json& json) {
  return {read_seconds(json["interval"]), read_decision(json["decision"]), read_seconds(json["decide_after"])};
}

void read_tokens(const oidc::Json& json, IssuerConfig& config) {
  config.scopes = read_strings(json["scopes"]);
  config.unknown_scopes = read_unknown_scopes(json);
  config.audience = json["audience"];
  config.audiences = read_strings(json.value("audiences", oidc::Json::array()));
  config.access_token = read_access_token_format(json["access_token"]);
  config.refresh = read_refresh_policy(json["refresh"]);
  config.refresh_reuse = read_reuse(json["refresh_reuse"]);
  config.refresh_grace = read_seconds(json["refresh_grace_s"]);
  config.signing_alg = json["signing_alg"].get<std::string>();
  config.omit_expires_in = json["omit_expires_in"].get<bool>();
  const oidc::Json claims = json.value("claims", oidc::Json::object());
  config.claims = {claims.value("access", oidc::Json::object()), claims.value("id", oidc::Json::object()),
                   claims.value("userinfo", oidc::Json::object())};
  const oidc::Json keys = json.value("keys", oidc::Json::object());
  config.keys.generate = keys.value("generate", false);
  config.keys.jwks_cache_control = keys.value("jwks_cache_control", "");
  config.keys.jwks_content_type = keys.value("jwks_content_type", config.keys.jwks_content_type);
  config.keys.x5c = keys.value("x5c", false);
}

void read_endpoints(const oidc::Json& json, IssuerConfig& config) {
  const oidc::Json endpoints = json.value("endpoints", oidc::Json::object());
  for (const auto& [name, value] : endpoints.items()) {
    if (value.is_string()) {
      config.endpoints.paths[name] = value.get<std::string>();
    } else if (value == false) {
      config.endpoints.disabled.push_back(name);
    }
  }
  config.metadata = json.value("metadata", oidc::Json::object());
  config.second_origin = json.value("second_origin", "");
  const oidc::Json cors = json.value("cors", oidc::Json(true));
  config.cors.enabled = cors != false;
  config.cors.origins = cors.is_array() ? read_strings(cors) : std::vector<std::string>{};
  for (const auto& resource : json["resources"]) {
    config.resources.push_back({resource["path"].get<std::string>(),
                                read_strings(resource.value("scopes", oidc::Json::array())),
                                resource.value("audience", "")});
  }
}

void read_protocol(const oidc::Json& json, IssuerConfig& config) {
  config.device = read_device(json["device"]);
  config.interaction = read_interaction(json["interaction"]);
  config.trailing_slash = json["trailing_slash"].get<bool>();
  config.skew = read_seconds(json["skew_s"]);
  config.lenient = read_leniency(json["lenient"]);
  config.registration = json["registration"].get<bool>();
  config.require_par = json["require_par"].get<bool>();
  const oidc::Json dpop = json.value("dpop", oidc::Json::object());
  config.dpop = {dpop.value("required", false), dpop.value("nonce", false)};
  for (const auto& server : json.value("resource_servers", oidc::Json::array())) {
    config.resource_servers.push_back({server["id"].get<std::string>(), read_strings(server["scopes"])});
  }
}

oidc::Status read_clients(const oidc::Json& json, IssuerConfig& config) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string pointer = "/clients/" + std::to_string(i);
    if (!ids.insert(json[i]["id"].get<std::string>()).second) {
      return bad_input(pointer + "/id", "another client has this id");
    }
    auto client = read_client(json[i], config.lifetimes, pointer);
    if (!client) {
      return client.error();
    }
    config.clients.push_back(*std::move(client));
  }
  return oidc::Done{};
}

oidc::Status read_users(const oidc::Json& json, IssuerConfig& config) {
  std::set<std::string> subs;
  for (const auto& user : json) {
    config.users.push_back(read_user(user));
    if (!subs.insert(config.users.back().sub).second) {
      return bad_input("/users/" + std::to_string(config.users.size() - 1) + "/sub", "another user has this sub");
    }
  }
  return oidc::Done{};
}

oidc::Status read_trusted_issuers(const oidc::Json& json, IssuerConfig& config) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto keys = read_keys(json[i]["jwks"], "/trusted_issuers/" + std::to_string(i) + "/jwks");
    if (!keys) {
      return keys.error();
    }
    config.trusted_issuers.push_back({json[i]["issuer"].get<std::string>(), *std::move(keys)});
  }
  return oidc::Done{};
}

/// The issuer would refuse a scope of theirs that it doesn't know to everybody.
oidc::Status check_resource_servers(const IssuerConfig& config) {
  for (std::size_t i = 0; i < config.resource_servers.size(); ++i) {
    const std::vector<std::string>& scopes = config.resource_servers[i].scopes;
    for (std::size_t j = 0; j < scopes.size(); ++j) {
      if (!config.lenient.any_scope && std::ranges::find(config.scopes, scopes[j]) == config.scopes.end()) {
        return bad_input(fmt::format("/resource_servers/{}/scopes/{}", i, j),
                         fmt::format("\"{}\" is not among the issuer's scopes", scopes[j]));
      }
    }
  }
  return oidc::Done{};
}

oidc::Status check_metadata(const IssuerConfig& config) {
  return check_places(config.metadata, "/metadata", !config.second_origin.empty());
}

/// The schema of one part of an issuer.
oidc::Schema part_schema(const char* definition) {
  return oidc::Schema{{{"$ref", std::string{"issuer.schema.json#/$defs/"} + definition}},
                      {oidc::parse_json(assay::embedded::issuer_schema_json_text).value()}};
}

}  // namespace

const oidc::Schema& issuer_schema() {
  static const oidc::Schema kSchema = embedded_schema(assay::embedded::issuer_schema_json_text);
  return kSchema;
}

oidc::Error bad_input(const std::string& pointer, const std::string& what) {
  return {oidc::Errc::kBadInput, pointer + ": " + what};
}

std::vector<std::string> read_strings(const oidc::Json& json) {
  return json.is_string() ? std::vector{json.get<std::string>()} : json.get<std::vector<std::string>>();
}

oidc::Result<IssuerConfig> parse_issuer_config(const oidc::Json& overlay) {
  if (const auto checked = check_schema(issuer_schema(), overlay); !checked) {
    return checked.error();
  }
  oidc::Json merged = default_issuer_config();
  merged.merge_patch(overlay);
  for (const char* patch : {"metadata", "claims"}) {  // in these a null has a meaning of its own
    if (overlay.contains(patch)) {
      merged[patch] = overlay[patch];
    }
  }
  if (const std::string unknown = unknown_placeholder(merged.value("claims", oidc::Json::object())); !unknown.empty()) {
    return bad_input("/claims", "there is no placeholder " + unknown);
  }
  IssuerConfig config;
  config.written = overlay;
  config.lifetimes = read_lifetimes(merged["lifetimes"], {});
  read_tokens(merged, config);
  read_endpoints(merged, config);
  read_protocol(merged, config);
  config.journal_max = merged["journal_max"].get<std::size_t>();
  config.seed = merged["seed"].get<std::uint64_t>();
  for (const auto& read :
       {check_metadata(config), read_clients(merged["clients"], config), read_users(merged["users"], config),
        read_trusted_issuers(merged.value("trusted_issuers", oidc::Json::array()), config),
        check_resource_servers(config)}) {
    if (!read) {
      return read.error();
    }
  }
  return config;
}

oidc::Json join_overlays(oidc::Json below, const oidc::Json& over) {
  if (!below.is_object() || !over.is_object()) {
    return over;
  }
  for (const auto& [name, value] : over.items()) {
    const auto found = below.find(name);
    below[name] = found == below.end() ? value : join_overlays(*found, value);
  }
  return below;
}

oidc::Result<ClientConfig> parse_client_config(const oidc::Json& json, const IssuerConfig& issuer) {
  static const oidc::Schema kSchema = part_schema("client");
  if (const auto checked = check_schema(kSchema, json); !checked) {
    return checked.error();
  }
  return read_client(json, issuer.lifetimes, "");
}

oidc::Result<UserConfig> parse_user_config(const oidc::Json& json) {
  static const oidc::Schema kSchema = part_schema("user");
  if (const auto checked = check_schema(kSchema, json); !checked) {
    return checked.error();
  }
  return read_user(json);
}

}  // namespace mockserver
