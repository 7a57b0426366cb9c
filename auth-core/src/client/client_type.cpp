#include "client/client_type.hpp"

#include <string>

#include "api_key/noop_client.hpp"
#include "api_key/planet_legacy_client.hpp"
#include "api_key/static_key_client.hpp"
#include "client/oidc_client.hpp"
#include "flows/authorization_code.hpp"
#include "flows/client_credentials.hpp"
#include "flows/device_code.hpp"
#include "oidc/schema.hpp"

namespace authcore {
namespace {

using Hints = std::vector<ClientTypeInfo::Hint>;

constexpr ClientAuthMethod kNone = ClientAuthMethod::kNone;
constexpr ClientAuthMethod kBasic = ClientAuthMethod::kSecretBasic;
constexpr ClientAuthMethod kPost = ClientAuthMethod::kSecretPost;

Hints oidc_hints(const Hints& more) {
  Hints hints{{"auth_server", "URL of the authorization server"}, {"client_id", "client id"}};
  hints.insert(hints.end(), more.begin(), more.end());
  return hints;
}

const ClientTypeInfo::Hint kSecretHint{"client_secret", "client secret", true};
const ClientTypeInfo::Hint kRedirectHint{"redirect_uri", "redirect URI on this machine"};

}  // namespace

// A new client type is one entry here.
const std::vector<ClientType>& client_types() {
  static const std::vector<ClientType> kTypes{
      {{"oidc_auth_code", "OpenID Connect, authorization code with PKCE, public client",
        "A person logs in with a browser on this machine.", oidc_hints({kRedirectHint})},
       make_oidc_client,
       {make_authorization_code_flow, kNone, kNone, {"redirect_uri|local_redirect_uri"}}},
      {{"oidc_auth_code_secret", "OpenID Connect, authorization code with PKCE, client secret",
        "A person logs in with a browser on this machine; the client has a secret.",
        oidc_hints({kRedirectHint, kSecretHint})},
       make_oidc_client,
       {make_authorization_code_flow, kBasic, kBasic, {"redirect_uri|local_redirect_uri", "client_secret"}}},
      {{"oidc_device_code", "OpenID Connect, device code, public client",
        "A person logs in with a browser anywhere and types a code.", oidc_hints({})},
       make_oidc_client,
       {make_device_code_flow, kNone, kNone, {}}},
      {{"oidc_device_code_secret", "OpenID Connect, device code, client secret",
        "A person logs in with a browser anywhere and types a code; the client has a secret.",
        oidc_hints({kSecretHint})},
       make_oidc_client,
       {make_device_code_flow, kBasic, kBasic, {"client_secret"}}},
      {{"oidc_client_credentials_secret", "OpenID Connect, client credentials, client secret",
        "A program logs in as itself.", oidc_hints({kSecretHint})},
       make_oidc_client,
       {make_client_credentials_flow, kBasic, kPost, {"client_secret"}}},
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
  const std::string nearest = oidc::nearest_name(name, names);
  const std::string hint = nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
  return oidc::Error{oidc::Errc::kConfig, "client_type: \"" + std::string{name} + "\" is not a client type" + hint};
}

}  // namespace authcore
