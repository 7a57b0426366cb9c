#include <algorithm>
#include <array>
#include <string_view>

#include "config/readers.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

constexpr std::array kMethods = {ClientAuthMethod::kNone, ClientAuthMethod::kSecretBasic, ClientAuthMethod::kSecretPost,
                                 ClientAuthMethod::kSecretJwt, ClientAuthMethod::kPrivateKeyJwt};

bool has_secret(ClientAuthMethod method) {
  return method != ClientAuthMethod::kNone && method != ClientAuthMethod::kPrivateKeyJwt;
}

/// com.example.app:/callback, the own scheme of a native app: a domain name backwards, and one slash (RFC 8252 §7.1).
bool is_private_use(std::string_view uri) {
  const auto colon = std::min(uri.find(':'), uri.size());
  const std::string_view scheme = uri.substr(0, colon);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  return scheme.find('.') != std::string_view::npos && scheme.front() >= 'a' && std::ranges::all_of(scheme, fits) &&
         uri.substr(colon).starts_with(":/") && std::ranges::all_of(uri, is_visible);
}

oidc::Status check_uris(const std::vector<std::string>& uris, const std::string& pointer) {
  for (std::size_t i = 0; i < uris.size(); ++i) {
    if ((!oidc::parse_url(uris[i]) && !is_private_use(uris[i])) || uris[i].find('#') != std::string::npos) {
      return bad_input(pointer + "/" + std::to_string(i),
                       "not an absolute http or https URL, or an app's own like com.example.app:/callback, without "
                       "fragment");
    }
  }
  return oidc::Done{};
}

oidc::Status check_secret(const ClientConfig& client, const std::string& pointer) {
  if (client.auth == ClientAuthMethod::kNone && !client.secret.empty()) {
    return bad_input(pointer + "/secret", "a public client (auth \"none\") has no secret");
  }
  if (client.auth == ClientAuthMethod::kPrivateKeyJwt && !client.secret.empty()) {
    return bad_input(pointer + "/secret", "a client with keys (auth \"private_key_jwt\") has no secret");
  }
  if (has_secret(client.auth) && client.secret.empty()) {
    return bad_input(pointer, "a confidential client needs a secret");
  }
  return oidc::Done{};
}

oidc::Status check_keys(const ClientConfig& client, const std::string& pointer) {
  const bool needs_keys = client.auth == ClientAuthMethod::kPrivateKeyJwt;
  if (needs_keys && client.keys.empty()) {
    return bad_input(pointer, "auth \"private_key_jwt\" needs keys (jwks)");
  }
  const bool encrypts = !client.id_token_encrypted_alg.empty();
  if (encrypts && encryption_key_of(client) == nullptr) {
    return bad_input(pointer + "/id_token_encryption", "needs an RSA key in jwks that is not for signatures only");
  }
  if (!needs_keys && !encrypts && !client.keys.empty()) {
    return bad_input(pointer + "/jwks", "only auth \"private_key_jwt\" and id_token_encryption use keys");
  }
  return oidc::Done{};
}

/// What a schema cannot say: members that need or exclude each other.
oidc::Status check_client(const ClientConfig& client, const std::string& pointer) {
  for (const auto& check : {check_secret, check_keys}) {
    if (const auto checked = check(client, pointer); !checked) {
      return checked;
    }
  }
  const bool is_public = client.auth == ClientAuthMethod::kNone;
  if (is_public && std::ranges::find(client.grants, "client_credentials") != client.grants.end()) {
    return bad_input(pointer + "/grants", "a public client cannot use client_credentials (RFC 6749 section 4.4)");
  }
  if (client.id_token_alg.starts_with("HS") && client.secret.empty()) {
    return bad_input(pointer + "/id_token_alg", "HMAC needs a client with a secret (OIDC Core section 10.1)");
  }
  if (const auto checked = check_uris(client.redirect_uris, pointer + "/redirect_uris"); !checked) {
    return checked;
  }
  return check_uris(client.post_logout_redirect_uris, pointer + "/post_logout_redirect_uris");
}

/// What differs from the issuer's own settings.
void read_overrides(const oidc::Json& json, const Lifetimes& lifetimes, ClientConfig& client) {
  if (json.contains("scopes")) {
    client.scopes = read_strings(json["scopes"]);
  }
  client.audience = json.value("audience", oidc::Json{});
  if (json.contains("lifetimes")) {
    client.lifetimes = read_lifetimes(json["lifetimes"], lifetimes);
  }
  if (json.contains("access_token")) {
    client.access_token = read_access_token_format(json["access_token"]);
  }
  if (json.contains("refresh")) {
    client.refresh = read_refresh_policy(json["refresh"]);
  }
  client.id_token_alg = json.value("id_token_alg", "");
  if (json.contains("id_token_encryption")) {
    client.id_token_encrypted_alg = json["id_token_encryption"]["alg"].get<std::string>();
    client.id_token_encrypted_enc = json["id_token_encryption"].value("enc", "A256GCM");
  }
  client.userinfo_alg = json.value("userinfo_alg", "");
  client.pairwise = json.value("subject_type", "public") == "pairwise";
  client.require_par = json.value("require_par", false);
  client.dpop_bound = json.value("dpop_bound", false);
}

}  // namespace

std::string_view to_string(ClientAuthMethod method) {
  switch (method) {
    case ClientAuthMethod::kSecretBasic:
      return "client_secret_basic";
    case ClientAuthMethod::kSecretPost:
      return "client_secret_post";
    case ClientAuthMethod::kSecretJwt:
      return "client_secret_jwt";
    case ClientAuthMethod::kPrivateKeyJwt:
      return "private_key_jwt";
    case ClientAuthMethod::kNone:
      break;
  }
  return "none";
}

ClientAuthMethod auth_method_of(std::string_view name) {
  const auto found = std::ranges::find_if(kMethods, [&](ClientAuthMethod method) { return to_string(method) == name; });
  return found == kMethods.end() ? ClientAuthMethod::kNone : *found;
}

std::vector<std::string> default_grants(ClientAuthMethod auth) {
  std::vector<std::string> grants{"authorization_code", "refresh_token",  "password",
                                  "device_code",        "token_exchange", "jwt_bearer"};
  if (auth != ClientAuthMethod::kNone) {
    grants.emplace_back("client_credentials");
  }
  return grants;
}

oidc::Result<ClientConfig> read_client(const oidc::Json& json, const Lifetimes& lifetimes, const std::string& pointer) {
  ClientConfig client;
  client.id = json["id"].get<std::string>();
  client.auth = auth_method_of(json.value("auth", "none"));
  client.secret = json.value("secret", "");
  client.grants = json.contains("grants") ? read_strings(json["grants"]) : default_grants(client.auth);
  client.redirect_uris = read_strings(json.value("redirect_uris", oidc::Json::array()));
  client.post_logout_redirect_uris = read_strings(json.value("post_logout_redirect_uris", oidc::Json::array()));
  read_overrides(json, lifetimes, client);
  if (json.contains("jwks")) {
    auto keys = read_keys(json["jwks"], pointer + "/jwks");
    if (!keys) {
      return keys.error();
    }
    client.keys = *std::move(keys);
  }
  if (const auto checked = check_client(client, pointer); !checked) {
    return checked.error();
  }
  return client;
}

}  // namespace mockserver
