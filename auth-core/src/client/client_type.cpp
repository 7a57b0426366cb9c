#include "client/client_type.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "flows/authorization_code.hpp"
#include "flows/client_credentials.hpp"
#include "flows/device_code.hpp"
#include "oidc/schema.hpp"

namespace authcore {
namespace {

constexpr ClientAuthMethod kNone = ClientAuthMethod::kNone;
constexpr ClientAuthMethod kBasic = ClientAuthMethod::kSecretBasic;
constexpr ClientAuthMethod kPost = ClientAuthMethod::kSecretPost;

// A new client type is one line here.
const std::vector<ClientType>& client_types() {
  static const std::vector<ClientType> kTypes{
      // name, flow, authentication, that of the login, required keys
      {"oidc_auth_code", make_authorization_code_flow, kNone, kNone, {"redirect_uri|local_redirect_uri"}},
      {"oidc_auth_code_secret",
       make_authorization_code_flow,
       kBasic,
       kBasic,
       {"redirect_uri|local_redirect_uri", "client_secret"}},
      {"oidc_device_code", make_device_code_flow, kNone, kNone, {}},
      {"oidc_device_code_secret", make_device_code_flow, kBasic, kBasic, {"client_secret"}},
      {"oidc_client_credentials_secret", make_client_credentials_flow, kBasic, kPost, {"client_secret"}},
  };
  return kTypes;
}

// Documented (FACT-002), but not built yet: known, so that the message can say so.
constexpr std::array<std::string_view, 10> kDocumentedTypes{"oidc_auth_code_pubkey",
                                                            "oidc_client_credentials_pubkey",
                                                            "oidc_device_code_pubkey",
                                                            "oidc_resource_owner",
                                                            "oidc_resource_owner_secret",
                                                            "oidc_resource_owner_pubkey",
                                                            "oidc_client_validator",
                                                            "planet_legacy",
                                                            "static_apikey",
                                                            "none"};

}  // namespace

oidc::Result<const ClientType*> find_client_type(std::string_view name) {
  std::vector<std::string> names;
  for (const ClientType& type : client_types()) {
    if (type.name == name) {
      return &type;
    }
    names.emplace_back(type.name);
  }
  if (std::find(kDocumentedTypes.begin(), kDocumentedTypes.end(), name) != kDocumentedTypes.end()) {
    return oidc::Error{oidc::Errc::kConfig, "client_type: \"" + std::string{name} + "\" is not supported yet"};
  }
  const std::string nearest = oidc::nearest_name(name, names);
  const std::string hint = nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
  return oidc::Error{oidc::Errc::kConfig, "client_type: \"" + std::string{name} + "\" is not a client type" + hint};
}

}  // namespace authcore
