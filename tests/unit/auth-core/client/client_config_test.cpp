#include "client/client_config.hpp"

#include <ostream>

#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Json device_config() {
  return {{"client_type", "oidc_device_code"}, {"auth_server", "https://as.test"}, {"client_id", "id"}};
}
Json with(Json config, const std::string& key, const Json& value) {
  config[key] = value;
  return config;
}
Json code_config(const std::string& redirect) {
  return with(with(device_config(), "client_type", "oidc_auth_code"), "redirect_uri", redirect);
}

struct BadCase {
  const char* name;
  const char* key;
  Json value;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  *out << c.name;
}
class BadConfigValue : public testing::TestWithParam<BadCase> {};

TEST_P(BadConfigValue, IsAnErrorThatNamesTheKey) {
  EXPECT_THAT(parse_client_config(with(device_config(), GetParam().key, GetParam().value)),
              FailsWith(Errc::kConfig, HasSubstr(GetParam().key)));
}

INSTANTIATE_TEST_SUITE_P(
    Section22, BadConfigValue,
    testing::Values(
        BadCase{"no_type", "client_type", nullptr}, BadCase{"type_a_number", "client_type", 7},
        BadCase{"no_server", "auth_server", nullptr}, BadCase{"empty_server", "auth_server", ""},
        BadCase{"server_a_number", "auth_server", 7}, BadCase{"server_no_url", "auth_server", "as.test"},
        BadCase{"server_in_clear", "auth_server", "http://as.test"}, BadCase{"no_client_id", "client_id", nullptr},
        BadCase{"client_id_a_list", "client_id", Json::array()}, BadCase{"scopes_a_string", "scopes", "planet"},
        BadCase{"scopes_of_numbers", "scopes", Json::array({7})}, BadCase{"audience_a_string", "audiences", "api"},
        BadCase{"two_audiences", "audiences", Json::array({"a", "b"})},
        BadCase{"empty_audience", "audiences", Json::array({""})},
        BadCase{"endpoint_in_clear", "token_endpoint", "http://as.test/token"},
        BadCase{"endpoint_a_number", "jwks_endpoint", 7}, BadCase{"issuer_a_number", "issuer", 7},
        BadCase{"algorithm_unknown", "id_token_signing_algs", Json::array({"HS256"})},
        BadCase{"no_algorithm", "access_token_signing_algs", Json::array()},
        BadCase{"cap_negative", "max_retry_after_s", -1}, BadCase{"cap_a_string", "max_retry_after_s", "9"},
        BadCase{"method_unknown", "client_auth_method", "basic"}, BadCase{"method_a_number", "client_auth_method", 7},
        BadCase{"method_without_secret", "client_auth_method", "client_secret_post"}),
    [](const auto& tested) { return tested.param.name; });

TEST(ClientConfig, IsAnObject) {
  EXPECT_THAT(parse_client_config(Json::array()), FailsWith(Errc::kConfig));
}

TEST(ClientConfig, NeverQuotesAValue) {
  EXPECT_THAT(parse_client_config(with(device_config(), "auth_server", "http://user-secret.test")),
              FailsWith(Errc::kConfig, Not(HasSubstr("user-secret"))));
}

TEST(ClientConfig, NamesTheNearestTypeForASlip) {
  EXPECT_THAT(parse_client_config(with(device_config(), "client_type", "oidc_device_cod")),
              FailsWith(Errc::kConfig, HasSubstr("did you mean \"oidc_device_code\"")));
}

TEST(ClientConfig, NeedsTheSecretOfASecretType) {
  for (const char* type : {"oidc_device_code_secret", "oidc_client_credentials_secret"}) {
    const Json config = with(device_config(), "client_type", type);
    EXPECT_THAT(parse_client_config(config), FailsWith(Errc::kConfig, HasSubstr("client_secret"))) << type;
    EXPECT_THAT(parse_client_config(with(config, "client_secret", "s")), IsOk()) << type;
  }
  const Json code = with(code_config("http://localhost/cb"), "client_type", "oidc_auth_code_secret");
  EXPECT_THAT(parse_client_config(code), FailsWith(Errc::kConfig, HasSubstr("client_secret")));
}

TEST(ClientConfig, RecognisesAMisspeltRequiredKey) {
  Json config = device_config();
  config.erase("client_id");
  config["clientid"] = "id";
  EXPECT_THAT(parse_client_config(config),
              FailsWith(Errc::kConfig, AllOf(HasSubstr("client_id"), HasSubstr("\"clientid\""))));
}

TEST(ClientConfig, AcceptsAndNamesUnknownKeys) {
  const Json config = with(device_config(), "colour", "red");
  EXPECT_THAT(parse_client_config(config), IsOk());
  EXPECT_THAT(unknown_keys(config), ElementsAre("colour"));
}

TEST(ClientConfig, RefusesMethodNoneForASecretType) {
  Json config = with(device_config(), "client_type", "oidc_device_code_secret");
  config["client_secret"] = "s";
  EXPECT_THAT(parse_client_config(with(config, "client_auth_method", "none")), FailsWith(Errc::kConfig));
  EXPECT_EQ(parse_client_config(with(config, "client_auth_method", "client_secret_post")).value().client_auth_method,
            ClientAuthMethod::kSecretPost);
}

TEST(ClientConfig, TakesAnEmptyAudienceListForNone) {
  EXPECT_EQ(parse_client_config(with(device_config(), "audiences", Json::array())).value().audience, "");
}

TEST(ClientConfig, PermitsHttpOnLoopbackOnly) {
  for (const char* server : {"http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:1"}) {
    EXPECT_THAT(parse_client_config(with(device_config(), "auth_server", server)), IsOk()) << server;
  }
  EXPECT_THAT(parse_client_config(with(device_config(), "auth_server", "http://localhost.test")),
              FailsWith(Errc::kConfig));
}

TEST(ClientConfig, NeedsOneOfTwoRedirectUris) {
  Json config = with(device_config(), "client_type", "oidc_auth_code");
  EXPECT_THAT(parse_client_config(config), FailsWith(Errc::kConfig, HasSubstr("redirect_uri or local_redirect_uri")));
  config["local_redirect_uri"] = "http://localhost:1/cb";
  EXPECT_EQ(parse_client_config(config).value().redirect_uri, "http://localhost:1/cb");
  EXPECT_EQ(parse_client_config(code_config("http://localhost:2/cb")).value().local_redirect_uri,
            "http://localhost:2/cb");
}

TEST(ClientConfig, ListensOnLoopbackOnly) {
  for (const char* redirect : {"http://192.168.0.1/cb", "http://example.test/cb", "https://localhost/cb",
                               "http://127.0.0.2/cb", "http://localhost/cb?x=1"}) {
    EXPECT_THAT(parse_client_config(code_config(redirect)), FailsWith(Errc::kConfig, HasSubstr("redirect_uri")))
        << redirect;
  }
  EXPECT_THAT(
      parse_client_config(with(code_config("https://app.test/cb"), "local_redirect_uri", "http://localhost/cb")),
      IsOk());
}

}  // namespace
}  // namespace authcore
