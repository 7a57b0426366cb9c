#include "mockserver/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mockserver {
namespace {

TEST(ConfigTest, DefaultHasAClientForEachWayToAuthenticate) {
  const auto config = parse_issuer_config(oidc::Json::object()).value();
  ASSERT_EQ(config.clients.size(), 4U);
  EXPECT_EQ(config.clients[0].id, "app");
  EXPECT_EQ(config.clients[0].auth, ClientAuthMethod::kNone);
  EXPECT_THAT(config.clients[0].grants, testing::Not(testing::Contains("client_credentials")));
  EXPECT_EQ(config.clients[1].auth, ClientAuthMethod::kSecretBasic);
  EXPECT_EQ(config.clients[2].auth, ClientAuthMethod::kSecretPost);
  EXPECT_EQ(config.clients[3].auth, ClientAuthMethod::kPrivateKeyJwt);
  EXPECT_EQ(config.clients[3].keys.size(), 1U);
  EXPECT_EQ(config.lifetimes.access, std::chrono::seconds{3600});
  EXPECT_FALSE(config.lifetimes.refresh);
}

TEST(ConfigTest, ObjectsMergeAndArraysReplace) {
  const auto config = parse_issuer_config({{"lifetimes", {{"access", 60}, {"refresh", 100}}},
                                           {"clients", {{{"id", "mine"}}}},
                                           {"device", {{"decision", "deny"}}}})
                          .value();
  EXPECT_EQ(config.lifetimes.access, std::chrono::seconds{60});
  EXPECT_EQ(config.lifetimes.code, std::chrono::seconds{60});
  EXPECT_EQ(config.lifetimes.refresh, std::chrono::seconds{100});
  ASSERT_EQ(config.clients.size(), 1U);
  EXPECT_THAT(config.clients[0].grants, testing::ElementsAre("authorization_code", "refresh_token", "password",
                                                             "device_code", "token_exchange", "jwt_bearer"));
  EXPECT_EQ(config.device.decision, Decision::kDeny);
  EXPECT_EQ(config.device.interval, std::chrono::seconds{5});
}

TEST(ConfigTest, EndpointsMoveOrAreLeftOut) {
  const auto config =
      parse_issuer_config({{"endpoints", {{"token", "/v2/token"}, {"revoke", false}, {"jwks", true}}}}).value();
  EXPECT_THAT(config.endpoints.paths, testing::ElementsAre(testing::Pair("token", "/v2/token")));
  EXPECT_THAT(config.endpoints.disabled, testing::ElementsAre("revoke"));
}

struct BadConfig {
  const char* name;
  const char* json;
  const char* pointer;
};
class BadConfigTest : public testing::TestWithParam<BadConfig> {};

TEST_P(BadConfigTest, IsRefusedWithItsPlace) {
  const auto parsed = parse_issuer_config(oidc::parse_json(GetParam().json).value());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, oidc::Errc::kBadInput);
  EXPECT_THAT(parsed.error().message, testing::StartsWith(GetParam().pointer));
}
constexpr BadConfig kBadConfigs[] = {
    {"UnknownKey", R"({"lifetime": {}})", "/lifetime:"},
    {"WrongType", R"({"lifetimes": {"access": "60"}})", "/lifetimes/access:"},
    {"ZeroLifetime", R"({"lifetimes": {"access": 0}})", "/lifetimes/access:"},
    {"UnknownAlg", R"({"signing_alg": "HS256"})", "/signing_alg:"},
    {"SameClientTwice", R"({"clients": [{"id": "a"}, {"id": "a"}]})", "/clients/1/id:"},
    {"SecretOfAPublicClient", R"({"clients": [{"id": "a", "secret": "x"}]})", "/clients/0/secret:"},
    {"NoSecret", R"({"clients": [{"id": "a", "auth": "client_secret_basic"}]})", "/clients/0:"},
    {"PublicClientCredentials", R"({"clients": [{"id": "a", "grants": ["client_credentials"]}]})",
     "/clients/0/grants:"},
    {"NoKeys", R"({"clients": [{"id": "a", "auth": "private_key_jwt"}]})", "/clients/0:"},
    {"KeysAndSecret", R"({"clients": [{"id": "a", "auth": "private_key_jwt", "secret": "x"}]})", "/clients/0/secret:"},
    {"KeysOfAClientWithSecret", R"({"clients": [{"id": "a", "auth": "client_secret_post", "secret": "x",
      "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}}]})",
     "/clients/0/jwks:"},
    {"BrokenKey", R"({"clients": [{"id": "a", "auth": "private_key_jwt", "jwks": {"keys": [{"kty": "RSA"}]}}]})",
     "/clients/0/jwks/keys/0:"},
    {"EmptyPassword", R"({"users": [{"sub": "u", "password": ""}]})", "/users/0/password:"},
    {"RedirectUriWithFragment", R"({"clients": [{"id": "a", "redirect_uris": ["http://a.test/#x"]}]})",
     "/clients/0/redirect_uris/0:"},
    {"RedirectUriThatRuns", R"({"clients": [{"id": "a", "redirect_uris": ["javascript:alert"]}]})",
     "/clients/0/redirect_uris/0:"},
    {"RedirectUriOfTwoLines", R"({"clients": [{"id": "a", "redirect_uris": ["com.app:/cb\r\nX: y"]}]})",
     "/clients/0/redirect_uris/0:"},
    {"TwoHeaderFieldsInOne", R"({"keys": {"jwks_cache_control": "no-store\r\nX: y"}})", "/keys/jwks_cache_control:"},
    {"NoUsers", R"({"users": []})", "/users:"},
    {"NotAnObject", R"([])", "/"},
};
INSTANTIATE_TEST_SUITE_P(Strict, BadConfigTest, testing::ValuesIn(kBadConfigs),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace mockserver
