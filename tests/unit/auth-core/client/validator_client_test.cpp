#include "authcore/auth.hpp"
#include "authcore/memory_storage.hpp"
#include "client/client_config.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::HasSubstr;

class ValidatorClientTest : public test::ClientWorld {
 protected:
  std::string token(const Json& changes = Json::object()) {
    Json claims{{"iss", test::kServer}, {"sub", "alice"}, {"aud", "api"}};
    claims["iat"] = oidc::epoch_seconds(test::kStart).count();
    claims["exp"] = oidc::epoch_seconds(test::kStart).count() + 60;
    claims.update(changes);
    return oidc::test::make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}}, claims);
  }
  void answer_keys() {
    answer_metadata();
    answer_json(200, {{"keys", Json::array({SigningKey::rsa().jwk("k")})}});
  }
  std::unique_ptr<Auth> context(std::shared_ptr<MemoryStorage> storage = std::make_shared<MemoryStorage>()) {
    return Auth::from_config(config_, {.location = {std::move(storage), "key"}}, environment()).value();
  }

  Json config_{
      {"client_type", "oidc_client_validator"}, {"auth_server", test::kServer}, {"audiences", Json::array({"api"})}};
};

TEST_F(ValidatorClientTest, ValidatesLocallyWithoutAClientId) {
  judges({"VAL-002"});
  answer_keys();
  const auto under_test = client(config_);
  const auto claims = under_test->validate_access_token_local(token(), {});
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ((*claims)["sub"], "alice");
  EXPECT_THAT(under_test->validate_access_token_local(token({{"aud", "other"}}), {}), FailsWith(Errc::kBadAudience));
}

TEST_F(ValidatorClientTest, IsNotTheOnlyOneThatValidates) {
  judges({"VAL-003"});
  config_.update({{"client_id", "id"}, {"redirect_uri", "http://localhost:1/cb"}});
  for (const char* type : {"oidc_auth_code", "oidc_device_code", "oidc_resource_owner", "oidc_auth_code_secret",
                           "oidc_client_credentials_secret", "oidc_device_code_secret", "oidc_resource_owner_secret"}) {
    config_["client_type"] = type;
    if (std::string{type}.ends_with("_secret")) {
      config_["client_secret"] = "s";
    }
    answer_keys();
    EXPECT_THAT(client(config_)->validate_access_token_local(token(), {}), IsOk()) << type;
  }
}

TEST_F(ValidatorClientTest, NeitherLogsInNorRefreshes) {
  judges({"VAL-001", "FACT-011"});
  const auto under_test = client(config_);
  EXPECT_FALSE(under_test->can_login_unattended());
  EXPECT_FALSE(under_test->has_configured_credential());
  EXPECT_THAT(under_test->login({}), FailsWith(Errc::kUnsupportedByClient));
  const auto held = Credential::from_json(CredentialKind::kOidc, {{"refresh_token", "rt"}}, test::kStart);
  EXPECT_THAT(under_test->refresh(*held), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(under_test->device_login_initiate({}), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(ValidatorClientTest, HasAContextThatIsNeverReady) {
  judges({"VAL-001", "RA-013"});
  const auto auth = context();
  EXPECT_FALSE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kUnsupportedByClient));
  oidc::HttpRequest request;
  EXPECT_THAT(auth->request_authenticator().authenticate(request), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_FALSE(request.headers.contains("Authorization"));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(ValidatorClientTest, IsNotReadyWithAStoredCredentialEither) {
  judges({"VAL-001", "RA-013"});
  const auto storage = std::make_shared<MemoryStorage>();
  ASSERT_THAT(storage->save("key", {{"access_token", "at"}, {"token_type", "Bearer"}}), IsOk());
  const auto auth = context(storage);
  EXPECT_FALSE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->request_authenticator().authorization(), FailsWith(Errc::kUnsupportedByClient));
}

TEST_F(ValidatorClientTest, TakesNoCredential) {
  judges({"VAL-004"});
  const auto auth = context();
  const auto given = Credential::from_json(CredentialKind::kOidc, {{"access_token", "at"}}, test::kStart);
  EXPECT_THAT(auth->request_authenticator().update_credential(*given), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_FALSE(auth->request_authenticator().credential()->has_value());
}

TEST_F(ValidatorClientTest, AsksTheIssuerAsNobody) {
  judges({"MIV-017", "D-27"});
  answer_metadata();
  answer_json(200, {{"active", true}});
  ASSERT_THAT(client(config_)->validate_access_token_remote("at"), IsOk());
  EXPECT_EQ(http_.form(1), (oidc::Form{{"token", "at"}, {"token_type_hint", "access_token"}}));
  EXPECT_FALSE(http_.request(1).headers.contains("Authorization"));
}

TEST_F(ValidatorClientTest, HasAPlaceholderForAClientIdOnlyIfThereIsNone) {
  judges({"CFG-001", "CFG-016"});
  EXPECT_EQ(parse_client_config(config_)->client_id, "__OidcClientValidatorAuthClientConfig__");
  config_["client_id"] = "mine";
  EXPECT_EQ(parse_client_config(config_)->client_id, "mine");
  for (const Json& slip : {Json(nullptr), Json("")}) {
    config_["client_id"] = slip;
    EXPECT_THAT(parse_client_config(config_), FailsWith(Errc::kConfig, HasSubstr("client_id")));
  }
}

TEST_F(ValidatorClientTest, ProvesWhoItIsIfItIsToldTo) {
  config_["client_auth_method"] = "client_secret_post";
  config_["client_secret"] = "s";
  EXPECT_THAT(make_client(config_, environment()), FailsWith(Errc::kConfig, HasSubstr("client_id")));
  config_["client_id"] = "id";
  answer_metadata();
  answer_json(200, {{"active", true}});
  ASSERT_THAT(client(config_)->validate_access_token_remote("at"), IsOk());
  EXPECT_EQ(http_.form(1).get("client_id"), "id");
}

}  // namespace
}  // namespace authcore
