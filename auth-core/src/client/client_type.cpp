#include "client/client_type.hpp"

#include <string>

#include "api_key/noop_client.hpp"
#include "api_key/planet_legacy_client.hpp"
#include "api_key/static_key_client.hpp"
#include "client/oidc_client.hpp"
#include "flows/authorization_code.hpp"
#include "flows/client_credentials.hpp"
#include "flows/device_code.hpp"
#include "flows/no_login.hpp"
#include "flows/resource_owner.hpp"
#include "oidc/schema.hpp"

namespace authcore {
namespace {

using Hints = std::vector<ClientTypeInfo::Hint>;

constexpr ClientAuthMethod kAnonymous = ClientAuthMethod::kAnonymous;
constexpr ClientAuthMethod kNone = ClientAuthMethod::kNone;
constexpr ClientAuthMethod kBasic = ClientAuthMethod::kSecretBasic;
constexpr ClientAuthMethod kPost = ClientAuthMethod::kSecretPost;
constexpr ClientAuthMethod kJwt = ClientAuthMethod::kPrivateKeyJwt;

constexpr const char* kSecret = "client_secret";
constexpr const char* kKey = "client_privkey|client_privkey_file";
constexpr const char* kRedirect = "redirect_uri|local_redirect_uri";

Hints concat(Hints hints, const Hints& more) {
  hints.insert(hints.end(), more.begin(), more.end());
  return hints;
}
Hints oidc_hints(const Hints& more) {
  return concat({{"auth_server", "URL of the authorization server"}, {"client_id", "client id"}}, more);
}

const Hints kSecretHints{{"client_secret", "client secret", true}};
const Hints kKeyHints{{"client_privkey_file", "file with the private key (PEM or JWK)"},
                      {"client_privkey_password", "password of the private key", true, false}};
const Hints kRedirectHints{{"redirect_uri", "redirect URI on this machine"}};
const Hints kPersonHints{{"username", "username, if it shall be kept here", false, false},
                         {"password", "password, if it shall be kept here", true, false}};

std::vector<ClientType> authorization_code_types() {
  return {
      {{"oidc_auth_code", "OpenID Connect, authorization code with PKCE, public client",
        "A person logs in with a browser on this machine.", oidc_hints(kRedirectHints)},
       make_oidc_client,
       {make_authorization_code_flow, kNone, kNone, {kRedirect}}},
      {{"oidc_auth_code_secret", "OpenID Connect, authorization code with PKCE, client secret",
        "A person logs in with a browser on this machine; the client has a secret.",
        oidc_hints(concat(kRedirectHints, kSecretHints))},
       make_oidc_client,
       {make_authorization_code_flow, kBasic, kBasic, {kRedirect, kSecret}}},
      {{"oidc_auth_code_pubkey", "OpenID Connect, authorization code with PKCE, key pair",
        "A person logs in with a browser on this machine; the client has a private key.",
        oidc_hints(concat(kRedirectHints, kKeyHints))},
       make_oidc_client,
       {make_authorization_code_flow, kJwt, kJwt, {kRedirect, kKey}}},
  };
}

std::vector<ClientType> client_credentials_types() {
  return {
      {{"oidc_client_credentials_secret", "OpenID Connect, client credentials, client secret",
        "A program logs in as itself, with a secret.", oidc_hints(kSecretHints)},
       make_oidc_client,
       {make_client_credentials_flow, kBasic, kPost, {kSecret}}},
      {{"oidc_client_credentials_pubkey", "OpenID Connect, client credentials, key pair",
        "A program logs in as itself, with a private key.", oidc_hints(kKeyHints)},
       make_oidc_client,
       {make_client_credentials_flow, kJwt, kJwt, {kKey}}},
  };
}

std::vector<ClientType> device_code_types() {
  return {
      {{"oidc_device_code", "OpenID Connect, device code, public client",
        "A person logs in with a browser anywhere and types a code.", oidc_hints({})},
       make_oidc_client,
       {make_device_code_flow, kNone, kNone, {}}},
      {{"oidc_device_code_secret", "OpenID Connect, device code, client secret",
        "A person logs in with a browser anywhere and types a code; the client has a secret.",
        oidc_hints(kSecretHints)},
       make_oidc_client,
       {make_device_code_flow, kBasic, kBasic, {kSecret}}},
      {{"oidc_device_code_pubkey", "OpenID Connect, device code, key pair",
        "A person logs in with a browser anywhere and types a code; the client has a private key.",
        oidc_hints(kKeyHints)},
       make_oidc_client,
       {make_device_code_flow, kJwt, kJwt, {kKey}}},
  };
}

std::vector<ClientType> resource_owner_types() {
  return {
      {{"oidc_resource_owner", "OpenID Connect, password, public client",
        "The program knows or asks for a person's password. Prefer other types.", oidc_hints(kPersonHints)},
       make_oidc_client,
       {make_resource_owner_flow, kNone, kNone, {}}},
      {{"oidc_resource_owner_secret", "OpenID Connect, password, client secret",
        "The program knows or asks for a person's password; the client has a secret. Prefer other types.",
        oidc_hints(concat(kSecretHints, kPersonHints))},
       make_oidc_client,
       {make_resource_owner_flow, kBasic, kBasic, {kSecret}}},
      {{"oidc_resource_owner_pubkey", "OpenID Connect, password, key pair",
        "The program knows or asks for a person's password; the client has a private key. Prefer other types.",
        oidc_hints(concat(kKeyHints, kPersonHints))},
       make_oidc_client,
       {make_resource_owner_flow, kJwt, kJwt, {kKey}}},
  };
}

std::vector<ClientType> other_types() {
  return {
      {{"oidc_client_validator",
        "OpenID Connect, token validation only",
        "A service checks the tokens that its callers bring; it never logs in.",
        {{"auth_server", "URL of the authorization server"}, {"audiences", "what the tokens must be for"}}},
       make_oidc_client,
       {make_no_login_flow, kAnonymous, kAnonymous, {}, false}},
      {{"planet_legacy",
        "Planet legacy, user name and password",
        "A person's user name and password are exchanged for an API key once.",
        {{"legacy_auth_endpoint", "URL of the legacy login"}, {"api_key", "API key, if there is one", true, false}}},
       make_planet_legacy_client,
       {},
       check_planet_legacy_config},
      {{"static_apikey",
        "Static API key",
        "A key that was issued once, of the configuration or stored.",
        {{"api_key", "API key; without it one is taken from storage", true, false},
         {"bearer_token_prefix", "what goes before the key, \"Bearer\" if nothing is given", false, false}}},
       make_static_key_client,
       {},
       check_static_key_config},
      {{"none", "No authentication", "Requests go out as they are.", {}}, make_noop_client, {}, check_noop_config},
  };
}

}  // namespace

// A new client type is one entry above.
const std::vector<ClientType>& client_types() {
  static const std::vector<ClientType> kTypes = [] {
    std::vector<ClientType> types;
    for (const auto make :
         {authorization_code_types, client_credentials_types, device_code_types, resource_owner_types, other_types}) {
      std::vector<ClientType> more = make();
      types.insert(types.end(), more.begin(), more.end());
    }
    return types;
  }();
  return kTypes;
}

std::vector<ClientTypeInfo> client_type_infos() {
  std::vector<ClientTypeInfo> infos;
  for (const ClientType& type : client_types()) {
    infos.push_back(type.info);
  }
  return infos;
}

oidc::Result<const ClientType*> find_client_type(std::string_view name) {
  std::vector<std::string> names;
  for (const ClientType& type : client_types()) {
    if (type.info.name == name) {
      return &type;
    }
    names.emplace_back(type.info.name);
  }
  return oidc::Error{oidc::Errc::kConfig, "client_type: \"" + std::string{name} + "\" is not a client type" +
                                              oidc::did_you_mean(name, names)};
}

}  // namespace authcore
