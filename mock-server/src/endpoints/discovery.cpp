#include "endpoints/endpoint.hpp"
#include "grants/grant_type.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

oidc::Json grant_types() {
  auto names = oidc::Json::array();
  for (const auto& type : grant_types_table()) {
    names.push_back(type.identifier);
  }
  return names;
}

}  // namespace

// OIDC Discovery section 3 and RFC 8414 section 2. It says what is so: nothing that the issuer
// doesn't do, and "false" where the default would promise it.
oidc::HttpResponse discovery(Call& call) {
  const World& world = call.world;
  const std::string& base = world.base_url;
  const oidc::Json auth_methods = {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"};
  const oidc::Json auth_algs = {"RS256", "PS256", "ES256", "EdDSA"};
  return json_reply(200, {
                             {"issuer", base},
                             {"authorization_endpoint", base + "/authorize"},
                             {"token_endpoint", base + "/token"},
                             {"device_authorization_endpoint", base + "/device_authorization"},
                             {"userinfo_endpoint", base + "/userinfo"},
                             {"introspection_endpoint", base + "/introspect"},
                             {"revocation_endpoint", base + "/revoke"},
                             {"jwks_uri", base + "/jwks"},
                             {"scopes_supported", world.config.scopes},
                             {"response_types_supported", oidc::Json::array({"code"})},
                             {"response_modes_supported", oidc::Json::array({"query"})},
                             {"grant_types_supported", grant_types()},
                             {"subject_types_supported", oidc::Json::array({"public"})},
                             {"id_token_signing_alg_values_supported", oidc::Json::array({world.config.signing_alg})},
                             {"token_endpoint_auth_methods_supported", auth_methods},
                             {"introspection_endpoint_auth_methods_supported", auth_methods},
                             {"revocation_endpoint_auth_methods_supported", auth_methods},
                             {"token_endpoint_auth_signing_alg_values_supported", auth_algs},
                             {"introspection_endpoint_auth_signing_alg_values_supported", auth_algs},
                             {"revocation_endpoint_auth_signing_alg_values_supported", auth_algs},
                             {"code_challenge_methods_supported", oidc::Json::array({"S256"})},
                             {"authorization_response_iss_parameter_supported", true},
                             {"claims_parameter_supported", false},
                             {"request_parameter_supported", false},
                             {"request_uri_parameter_supported", false},
                         });
}

}  // namespace mockserver
