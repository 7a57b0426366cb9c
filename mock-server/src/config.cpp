#include "mockserver/config.hpp"

#include <algorithm>
#include <set>

#include "embedded.hpp"
#include "jose/signing_key.hpp"
#include "oidc/url.hpp"
#include "schema_check.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kPublicGrants[] = {"authorization_code", "refresh_token", "password", "device_code"};

oidc::Error bad_input(std::string pointer, const std::string& what) {
  return {oidc::Errc::kBadInput, std::move(pointer) + ": " + what};
}

ClientAuthMethod read_auth(const std::string& text) {
  if (text == "client_secret_basic") {
    return ClientAuthMethod::kSecretBasic;
  }
  if (text == "private_key_jwt") {
    return ClientAuthMethod::kPrivateKeyJwt;
  }
  return text == "client_secret_post" ? ClientAuthMethod::kSecretPost : ClientAuthMethod::kNone;
}

Decision read_decision(const std::string& text) {
  if (text == "approve") {
    return Decision::kApprove;
  }
  return text == "deny" ? Decision::kDeny : Decision::kPending;
}

std::chrono::seconds read_seconds(const oidc::Json& json) {
  return std::chrono::seconds{json.get<std::int64_t>()};
}

// The schema has settled the types of everything that the readers below look at.

ClientConfig read_client(const oidc::Json& json) {
  ClientConfig client;
  client.id = json["id"].get<std::string>();
  client.auth = read_auth(json.value("auth", "none"));
  client.secret = json.value("secret", "");
  if (json.contains("grants")) {
    client.grants = json["grants"].get<std::vector<std::string>>();
  } else {
    client.grants.assign(std::begin(kPublicGrants), std::end(kPublicGrants));
    if (client.auth != ClientAuthMethod::kNone) {
      client.grants.emplace_back("client_credentials");
    }
  }
  if (json.contains("redirect_uris")) {
    client.redirect_uris = json["redirect_uris"].get<std::vector<std::string>>();
  }
  return client;
}

Lifetimes read_lifetimes(const oidc::Json& json) {
  Lifetimes lifetimes;
  lifetimes.code = read_seconds(json["code"]);
  lifetimes.access = read_seconds(json["access"]);
  lifetimes.id = read_seconds(json["id"]);
  lifetimes.device = read_seconds(json["device"]);
  if (json.contains("refresh")) {
    lifetimes.refresh = read_seconds(json["refresh"]);
  }
  return lifetimes;
}

IssuerConfig read_config(const oidc::Json& json) {
  IssuerConfig config;
  for (const auto& client : json["clients"]) {
    config.clients.push_back(read_client(client));
  }
  for (const auto& user : json["users"]) {
    config.users.push_back(
        {user["sub"].get<std::string>(), user.value("password", ""), user.value("claims", oidc::Json::object())});
  }
  config.scopes = json["scopes"].get<std::vector<std::string>>();
  config.audience = json["audience"].get<std::string>();
  config.lifetimes = read_lifetimes(json["lifetimes"]);
  config.access_token = json["access_token"] == "opaque" ? AccessTokenFormat::kOpaque : AccessTokenFormat::kJwt;
  config.refresh = json["refresh"] == "same" ? RefreshPolicy::kSame : RefreshPolicy::kRotate;
  config.refresh_grace = read_seconds(json["refresh_grace_s"]);
  config.device.interval = read_seconds(json["device"]["interval"]);
  config.device.decision = read_decision(json["device"]["decision"].get<std::string>());
  config.device.decide_after = read_seconds(json["device"]["decide_after"]);
  config.interaction = json["interaction"] == "api" ? Interaction::kApi : Interaction::kAuto;
  config.signing_alg = json["signing_alg"].get<std::string>();
  config.omit_expires_in = json["omit_expires_in"].get<bool>();
  config.journal_max = json["journal_max"].get<std::size_t>();
  config.seed = json["seed"].get<std::uint64_t>();
  return config;
}

oidc::Status check_redirect_uris(const ClientConfig& client, const std::string& pointer) {
  for (std::size_t i = 0; i < client.redirect_uris.size(); ++i) {
    const auto url = oidc::parse_url(client.redirect_uris[i]);
    if (!url || !url->fragment.empty()) {
      return bad_input(pointer + "/redirect_uris/" + std::to_string(i),
                       "not an absolute http or https URL without fragment");
    }
  }
  return oidc::Done{};
}

oidc::Status check_client(const ClientConfig& client, const std::string& pointer) {
  const bool is_public = client.auth == ClientAuthMethod::kNone;
  if (is_public && !client.secret.empty()) {
    return bad_input(pointer + "/secret", "a public client (auth \"none\") has no secret");
  }
  const bool has_keys = client.auth == ClientAuthMethod::kPrivateKeyJwt;
  if (has_keys && !client.secret.empty()) {
    return bad_input(pointer + "/secret", "a client with keys (auth \"private_key_jwt\") has no secret");
  }
  if (has_keys && client.keys.empty()) {
    return bad_input(pointer, "auth \"private_key_jwt\" needs keys (jwks)");
  }
  if (!has_keys && !client.keys.empty()) {
    return bad_input(pointer + "/jwks", "only auth \"private_key_jwt\" uses keys");
  }
  if (!is_public && !has_keys && client.secret.empty()) {
    return bad_input(pointer, "a confidential client needs a secret");
  }
  if (is_public && std::ranges::find(client.grants, "client_credentials") != client.grants.end()) {
    return bad_input(pointer + "/grants", "a public client cannot use client_credentials (RFC 6749 section 4.4)");
  }
  return check_redirect_uris(client, pointer);
}

/// The keys of the clients. Errors: `kBadInput` for one that is malformed, or that no algorithm here takes.
oidc::Status read_keys(const oidc::Json& json, IssuerConfig& config) {
  for (std::size_t i = 0; i < config.clients.size(); ++i) {
    const oidc::Json& client = json["clients"][i];
    const oidc::Json keys = client.contains("jwks") ? client["jwks"]["keys"] : oidc::Json::array();
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::string pointer = "/clients/" + std::to_string(i) + "/jwks/keys/" + std::to_string(k);
      auto key = oidc::parse_jwk(keys[k]);
      if (!key) {
        return bad_input(pointer, key.error().message);
      }
      if (const auto usable = oidc::to_public_key(*key); !usable) {
        return bad_input(pointer, usable.error().message);
      }
      config.clients[i].keys.push_back(*std::move(key));
    }
  }
  return oidc::Done{};
}

/// What a schema cannot say: names that must differ, members that need each other.
oidc::Status check_config(const IssuerConfig& config) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < config.clients.size(); ++i) {
    const std::string pointer = "/clients/" + std::to_string(i);
    if (!ids.insert(config.clients[i].id).second) {
      return bad_input(pointer + "/id", "another client has this id");
    }
    if (const auto checked = check_client(config.clients[i], pointer); !checked) {
      return checked;
    }
  }
  std::set<std::string> subs;
  for (std::size_t i = 0; i < config.users.size(); ++i) {
    if (!subs.insert(config.users[i].sub).second) {
      return bad_input("/users/" + std::to_string(i) + "/sub", "another user has this sub");
    }
  }
  return oidc::Done{};
}

}  // namespace

std::string_view to_string(ClientAuthMethod method) {
  switch (method) {
    case ClientAuthMethod::kSecretBasic:
      return "client_secret_basic";
    case ClientAuthMethod::kSecretPost:
      return "client_secret_post";
    case ClientAuthMethod::kPrivateKeyJwt:
      return "private_key_jwt";
    case ClientAuthMethod::kNone:
      break;
  }
  return "none";
}

std::string_view client_private_key() {
  return assay::embedded::rsa_client_pem_text;
}

oidc::Json default_issuer_config() {
  const oidc::Json redirect_uris = {"http://127.0.0.1/callback", "http://localhost/callback", "http://[::1]/callback",
                                    "http://127.0.0.1/", "http://localhost/"};
  const oidc::Json every_grant = {"authorization_code", "refresh_token", "client_credentials", "password",
                                  "device_code"};
  // A secret that only survives if both sides form-encode it (RFC 6749 section 2.3.1).
  const std::string secret = "s3cr3t:/%\xc3\xa9+";
  return {
      {"clients",
       {{{"id", "app"}, {"auth", "none"}, {"grants", kPublicGrants}, {"redirect_uris", redirect_uris}},
        {{"id", "service"},
         {"auth", "client_secret_basic"},
         {"secret", secret},
         {"grants", every_grant},
         {"redirect_uris", redirect_uris}},
        {{"id", "service-post"},
         {"auth", "client_secret_post"},
         {"secret", secret},
         {"grants", every_grant},
         {"redirect_uris", redirect_uris}},
        {{"id", "service-jwt"},
         {"auth", "private_key_jwt"},
         {"jwks", {{"keys", oidc::Json::array({to_json(client_test_key()->jwk)})}}},
         {"grants", every_grant},
         {"redirect_uris", redirect_uris}}}},
      {"users", oidc::Json::array({{{"sub", "user-1"},
                                    // Survives only if the form is encoded as it should be.
                                    {"password", "p4ss:/%\xc3\xb6+ word"},
                                    {"claims", {{"name", "User One"}, {"email", "user-1@example.test"}}}}})},
      {"scopes", {"openid", "offline_access", "profile", "api"}},
      {"audience", "https://api.test"},
      {"lifetimes", {{"code", 60}, {"access", 3600}, {"id", 3600}, {"device", 600}}},
      {"access_token", "jwt"},
      {"refresh", "rotate"},
      {"refresh_grace_s", 0},
      {"device", {{"interval", 5}, {"decision", "pending"}, {"decide_after", 0}}},
      {"interaction", "auto"},
      {"signing_alg", "RS256"},
      {"omit_expires_in", false},
      {"journal_max", 10'000},
      {"seed", 1},
  };
}

oidc::Result<IssuerConfig> parse_issuer_config(const oidc::Json& overlay) {
  static const oidc::Schema kSchema = embedded_schema(assay::embedded::issuer_schema_json_text);
  if (const auto checked = check_schema(kSchema, overlay); !checked) {
    return checked.error();
  }
  oidc::Json merged = default_issuer_config();
  merged.merge_patch(overlay);
  IssuerConfig config = read_config(merged);
  if (const auto read = read_keys(merged, config); !read) {
    return read.error();
  }
  if (const auto checked = check_config(config); !checked) {
    return checked.error();
  }
  return config;
}

}  // namespace mockserver
