#include "client/client_config.hpp"

#include <memory>
#include <ostream>
#include <tuple>

#include "authcore/memory_storage.hpp"
#include "authcore/stored_client_config.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
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
Json key_config() {
  return with(device_config(), "client_type", "oidc_client_credentials_pubkey");
}
class BadConfigValue : public testing::TestWithParam<BadCase> {};

TEST_P(BadConfigValue, IsAnErrorThatNamesTheKey) {
  judges({"CFG-001", "CFG-002", "DISC-001", "FACT-006", "W-13", "W-27"});
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
        BadCase{"leeway_negative", "clock_leeway_s", -0.5}, BadCase{"leeway_a_string", "clock_leeway_s", "1"},
        BadCase{"method_unknown", "client_auth_method", "basic"}, BadCase{"method_a_number", "client_auth_method", 7},
        BadCase{"method_without_secret", "client_auth_method", "client_secret_post"},
        BadCase{"method_without_key", "client_auth_method", "private_key_jwt"},
        BadCase{"key_a_number", "client_privkey", 7}, BadCase{"key_file_a_list", "client_privkey_file", Json::array()},
        BadCase{"key_password_a_number", "client_privkey_password", 7}, BadCase{"username_a_number", "username", 7},
        BadCase{"password_a_number", "password", 7}, BadCase{"saved_username_a_number", "user_name", 7},
        BadCase{"saved_password_a_number", "user_password", 7}),
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
  judges({"CFG-009"});
  for (const char* type : {"oidc_device_code_secret", "oidc_client_credentials_secret", "oidc_resource_owner_secret"}) {
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
  judges({"FACT-007"});
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
  judges({"CFG-002", "D-23"});
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
  judges({"CFG-013"});
  Json config = with(device_config(), "client_type", "oidc_auth_code");
  EXPECT_THAT(parse_client_config(config), FailsWith(Errc::kConfig, HasSubstr("redirect_uri or local_redirect_uri")));
  config["local_redirect_uri"] = "http://localhost:1/cb";
  EXPECT_EQ(parse_client_config(config).value().redirect_uri, "http://localhost:1/cb");
  EXPECT_EQ(parse_client_config(code_config("http://localhost:2/cb")).value().local_redirect_uri,
            "http://localhost:2/cb");
}

TEST(ClientConfig, NeedsAKeyOfAKeyPairType) {
  judges({"CFG-010"});
  for (const char* type : {"oidc_auth_code_pubkey", "oidc_client_credentials_pubkey", "oidc_device_code_pubkey",
                           "oidc_resource_owner_pubkey"}) {
    const Json config = with(code_config("http://localhost/cb"), "client_type", type);
    EXPECT_THAT(parse_client_config(config),
                FailsWith(Errc::kConfig, HasSubstr("client_privkey or client_privkey_file")))
        << type;
    EXPECT_THAT(parse_client_config(with(config, "client_privkey", "-----BEGIN")), IsOk()) << type;
    EXPECT_THAT(parse_client_config(with(config, "client_privkey_file", "/no/such/file")), IsOk()) << type;
  }
  EXPECT_THAT(parse_client_config(with(key_config(), "client_privkey", "")), FailsWith(Errc::kConfig));
}

TEST(ClientConfig, RecognisesAMisspeltKeyOfAKeyPair) {
  EXPECT_THAT(parse_client_config(with(key_config(), "client_private_key_file", "/k.pem")),
              FailsWith(Errc::kConfig, HasSubstr("client_privkey")));
  EXPECT_THAT(parse_client_config(with(key_config(), "client_privkeyfile", "/k.pem")),
              FailsWith(Errc::kConfig, HasSubstr("\"client_privkeyfile\"")));
}

TEST(ClientConfig, RefusesMethodNoneForAKeyPairType) {
  EXPECT_THAT(parse_client_config(with(with(key_config(), "client_privkey", "k"), "client_auth_method", "none")),
              FailsWith(Errc::kConfig, HasSubstr("client_auth_method")));
}

TEST(ClientConfig, TakesAnObjectForAPrivateKey) {
  const Json config = with(key_config(), "client_privkey", {{"kty", "RSA"}});
  EXPECT_EQ(parse_client_config(config).value().private_key.text, R"({"kty":"RSA"})");
}

TEST(ClientConfig, IsTheSameWithUsernameUnderTheNameThatIsSaved) {
  judges({"CFG-015"});
  Json config = with(device_config(), "client_type", "oidc_resource_owner");
  config.update({{"user_name", "u"}, {"user_password", "p"}});
  EXPECT_EQ(parse_client_config(config).value().username, "u");
  EXPECT_EQ(parse_client_config(config).value().password, "p");
  config.update({{"username", "u2"}, {"password", "p2"}});
  EXPECT_EQ(parse_client_config(config).value().username, "u2");
  EXPECT_EQ(parse_client_config(config).value().password, "p2");
}

TEST(ClientConfig, IsSavedWithoutNullsAndMeansTheSameAfterwards) {
  judges({"CFG-019", "FACT-007"});
  oidc::VirtualClock clock{oidc::TimePoint{}};
  const auto storage = std::make_shared<MemoryStorage>();
  Json config = with(code_config("http://localhost:1/cb"), "client_secret", nullptr);
  config["colour"] = "red";
  StoredObject saved{clock, client_config_rule(), {storage, "client"}, config};
  ASSERT_THAT(saved.save(), IsOk());
  const Json stored = storage->load("client").value();
  EXPECT_FALSE(stored.contains("client_secret"));
  EXPECT_EQ(stored["colour"], "red");
  const ClientConfig before = parse_client_config(config).value();
  const ClientConfig after = parse_client_config(stored).value();
  EXPECT_EQ(
      std::tie(after.type, after.auth_server, after.client_id, after.redirect_uri, after.local_redirect_uri),
      std::tie(before.type, before.auth_server, before.client_id, before.redirect_uri, before.local_redirect_uri));
}

TEST(ClientConfig, IsReadFromItsPathIfThatIsAllThereIs) {
  judges({"FACT-008", "W-31"});
  oidc::VirtualClock clock{oidc::TimePoint{}};
  const auto storage = std::make_shared<MemoryStorage>();
  ASSERT_THAT(storage->save("client", device_config()), IsOk());
  StoredObject config{clock, client_config_rule(), {storage, "client"}};
  ASSERT_THAT(config.lazy_load(), IsOk());
  EXPECT_EQ(config.data(), device_config());
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
