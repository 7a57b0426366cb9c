#include "config/readers.hpp"
#include "embedded.hpp"
#include "jose/signing_key.hpp"

namespace mockserver {
namespace {

oidc::Json confidential_client(const char* id, const char* auth) {
  // A secret that only survives if both sides form-encode it (RFC 6749 section 2.3.1).
  oidc::Json client = {{"id", id}, {"auth", auth}, {"secret", "s3cr3t:/%\xc3\xa9+"}};
  if (auth == to_string(ClientAuthMethod::kPrivateKeyJwt)) {
    client.erase("secret");
    client["jwks"] = {{"keys", oidc::Json::array({to_json(client_test_key()->jwk)})}};
  }
  return client;
}

oidc::Json default_clients() {
  const oidc::Json redirect_uris = {"http://127.0.0.1/callback", "http://localhost/callback", "http://[::1]/callback",
                                    "http://127.0.0.1/", "http://localhost/"};
  oidc::Json clients = {{{"id", "app"}, {"auth", "none"}},
                        confidential_client("service", "client_secret_basic"),
                        confidential_client("service-post", "client_secret_post"),
                        confidential_client("service-jwt", "private_key_jwt")};
  for (auto& client : clients) {
    client["grants"] = default_grants(auth_method_of(client["auth"].get<std::string>()));
    client["redirect_uris"] = redirect_uris;
  }
  return clients;
}

}  // namespace

std::string_view client_private_key() {
  return assay::embedded::rsa_client_pem_text;
}

oidc::Json default_issuer_config() {
  return {
      {"clients", default_clients()},
      {"users", oidc::Json::array({{{"sub", "user-1"},
                                    // Survives only if the form is encoded as it should be.
                                    {"password", "p4ss:/%\xc3\xb6+ word"},
                                    {"claims",
                                     {{"name", "User One"},
                                      {"email", "user-1@example.test"},
                                      {"email_verified", true},
                                      {"address", {{"street_address", "1 Test Street"}, {"locality", "Testville"}}},
                                      {"phone_number", "+1 (425) 555-0100"}}}}})},
      {"scopes", {"openid", "offline_access", "profile", "email", "address", "phone", "api"}},
      {"audience", "https://api.test"},
      {"lifetimes", {{"code", 60}, {"access", 3600}, {"id", 3600}, {"device", 600}, {"par", 90}}},
      {"access_token", "jwt"},
      {"refresh", "rotate"},
      {"refresh_reuse", "revoke_family"},
      {"refresh_grace_s", 0},
      {"device", {{"interval", 5}, {"decision", "pending"}, {"decide_after", 0}}},
      {"interaction", "auto"},
      {"signing_alg", "RS256"},
      {"omit_expires_in", false},
      {"trailing_slash", false},
      {"skew_s", 0},
      {"lenient", false},
      {"registration", false},
      {"require_par", false},
      {"resources", oidc::Json::array({{{"path", "/"}}})},
      {"journal_max", 10'000},
      {"seed", 1},
  };
}

}  // namespace mockserver
