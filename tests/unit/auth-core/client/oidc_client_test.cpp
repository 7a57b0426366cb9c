#include "authcore/auth.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::make_token;
using oidc::test::SigningKey;
using testing::HasSubstr;
using testing::Not;

Json device_login_config() {
  return {{"client_type", "oidc_device_code"}, {"auth_server", test::kServer},      {"client_id", "id"},
          {"scopes", Json::array({"planet"})}, {"audiences", Json::array({"api"})}, {"organization", "org"}};
}
Json secret_config() {
  return {{"client_type", "oidc_client_credentials_secret"},
          {"auth_server", test::kServer},
          {"client_id", "id"},
          {"client_secret", "secret"}};
}
Credential stored(const Json& json) {
  return Credential::from_json(CredentialKind::kOidc, json, test::kStart).value();
}

class OidcClientTest : public test::ClientWorld {};

TEST_F(OidcClientTest, ContactsNobodyWhenItIsMade) {
  judges({"DISC-005"});
  client(device_login_config());
  client(secret_config());
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(OidcClientTest, SaysWhatIsWrongWithItsConfiguration) {
  judges({"FACT-006"});
  EXPECT_THAT(make_client(Json{{"client_type", "oidc_device_cod"}}, environment()), FailsWith(Errc::kConfig));
}

TEST_F(OidcClientTest, LogsInUnattendedWithClientCredentialsOnly) {
  EXPECT_TRUE(client(secret_config())->can_login_unattended());
  EXPECT_FALSE(client(device_login_config())->can_login_unattended());
}

TEST_F(OidcClientTest, RefreshesWithoutScopeAndOtherConfiguredParameters) {
  judges({"CFG-005", "TOK-001", "TOK-003", "D-18", "CAUTH-001"});
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(device_login_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
  const oidc::Form expected{{"grant_type", "refresh_token"}, {"refresh_token", "rt-1"}, {"client_id", "id"}};
  EXPECT_EQ(http_.form(1), expected);
  EXPECT_EQ(http_.request(1).method, "POST");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/token");
  EXPECT_EQ(http_.request(1).headers.get("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(http_.request(1).headers.get("Accept"), "application/json");
}

TEST_F(OidcClientTest, RefreshesWithWhatTheCallerAsksFor) {
  judges({"TOK-003", "TOK-007", "TOK-008"});
  answer_metadata();
  answer_json(200, test::token_response());
  const RefreshOptions options{.scopes = {"a", "b c"}, .extra = {{"resource", "r"}, {"grant_type", "x"}}};
  ASSERT_THAT(client(device_login_config())->refresh(stored({{"refresh_token", "rt-1"}}), options), IsOk());
  const oidc::Form expected{{"resource", "r"},
                            {"grant_type", "refresh_token"},
                            {"refresh_token", "rt-1"},
                            {"scope", "a b c"},
                            {"client_id", "id"}};
  EXPECT_EQ(http_.form(1), expected);
  EXPECT_THAT(http_.request(1).body, HasSubstr("scope=a+b+c"));
}

TEST_F(OidcClientTest, KeepsWhatTheRefreshReplyLeavesOut) {
  answer_metadata();
  answer_json(200, test::token_response());
  const auto fresh =
      client(device_login_config())->refresh(stored({{"refresh_token", "rt-1"}, {"access_token", "at-0"}}));
  ASSERT_THAT(fresh, IsOk());
  EXPECT_EQ(fresh->refresh_token(), "rt-1");
  EXPECT_EQ(fresh->access_token(), "at-1");
  EXPECT_EQ(fresh->expires_at(), test::kStart + 1h);
}

TEST_F(OidcClientTest, RefreshesWithBasicThoughItLogsInWithPost) {
  judges({"CAUTH-002", "CAUTH-003", "A-19"});
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(secret_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
  EXPECT_FALSE(http_.form(1).contains("client_secret"));
}

TEST_F(OidcClientTest, SendsNothingWithoutARefreshToken) {
  EXPECT_THAT(client(device_login_config())->refresh(stored({{"access_token", "at"}})), FailsWith(Errc::kNoCredential));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(OidcClientTest, SaysThatARefreshTokenIsRefusedAndDoesNotShowIt) {
  answer_metadata();
  answer_json(400, {{"error", "invalid_grant"}, {"error_description", "rt-secret is revoked"}});
  const auto result = client(device_login_config())->refresh(stored({{"refresh_token", "rt-secret"}}));
  EXPECT_THAT(result, FailsWith(Errc::kInvalidGrant, Not(HasSubstr("rt-secret"))));
}

TEST_F(OidcClientTest, NeverSendsARefreshTokenTwiceIfItMayHaveArrived) {
  judges({"HTTP-006", "W-37"});
  answer_metadata();
  http_.answer(oidc::test::lost_reply());
  const auto result = client(device_login_config())->refresh(stored({{"refresh_token", "rt-1"}}));
  ASSERT_THAT(result, FailsWith(Errc::kNetwork));
  EXPECT_FALSE(result.error().definite);
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(OidcClientTest, RepeatsARefreshThatTheServerThrottled) {
  answer_metadata();
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "5"));
  answer_json(200, test::token_response());
  EXPECT_THAT(client(device_login_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
}

TEST_F(OidcClientTest, ReadsTheRetryAfterCapFromItsConfiguration) {
  Json config = device_login_config();
  config["max_retry_after_s"] = 2.5;
  answer_metadata();
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "3"));
  EXPECT_THAT(client(config)->refresh(stored({{"refresh_token", "rt-1"}})), FailsWith(Errc::kRateLimited));
}

TEST_F(OidcClientTest, HasADeviceLoginForDeviceClientsOnly) {
  judges({"FACT-009"});
  const auto other = client(secret_config());
  EXPECT_THAT(other->device_login_initiate({}), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(other->device_login_complete({}), FailsWith(Errc::kUnsupportedByClient));
}

TEST_F(OidcClientTest, LeavesWhatItIsGivenAsItIs) {
  judges({"W-33", "CFG-004"});
  const Json config = secret_config();
  const Json given = config;
  LoginOptions options;
  options.extra = {{"organization", ""}, {"project_id", "mine"}};
  const oidc::Form extra = options.extra;
  Json with_organization = config;
  with_organization.update({{"organization", "org"}, {"project_id", "other"}});
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(with_organization)->login(options), IsOk());
  EXPECT_EQ(options.extra, extra);
  EXPECT_EQ(config, given);
  EXPECT_EQ(http_.form(1).get("organization"), "org");
  EXPECT_EQ(http_.form(1).get("project_id"), "mine");
  EXPECT_EQ(http_.form(1).count("organization"), 1U);
}

TEST_F(OidcClientTest, LogsKeysThatItDoesNotKnow) {
  judges({"FACT-007"});
  std::string lines;
  Environment outside = environment();
  outside.log = oidc::Log{clock_, [&](oidc::LogLevel level, std::string_view event, const Json& record) {
                            EXPECT_EQ(level, oidc::LogLevel::kDebug);
                            lines += oidc::to_line(level, event, record);
                          }};
  Json config = device_login_config();
  config["colour"] = "secretly red";
  config["scope"] = Json::array({"planet"});
  ASSERT_THAT(make_client(config, outside), IsOk());
  EXPECT_THAT(lines, HasSubstr("colour"));
  EXPECT_THAT(lines, HasSubstr(R"("nearest":"scopes")"));
  EXPECT_THAT(lines, Not(HasSubstr("secretly red")));
}

TEST_F(OidcClientTest, AsksForOfflineAccessIfItIsTold) {
  judges({"CC-002"});
  answer_metadata();
  answer_json(200, test::token_response());
  LoginOptions options;
  options.scopes = {"offline_access"};
  ASSERT_THAT(client(secret_config())->login(options), IsOk());
  EXPECT_EQ(http_.form(1).get("scope"), "offline_access");
}

class StoredSessionTest : public OidcClientTest {
 protected:
  std::unique_ptr<Auth> context() {
    return Auth::from_config(secret_config(), {.location = {storage_, "key"}}, environment()).value();
  }
  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>();
};

TEST_F(StoredSessionTest, SparesTheSecondProcessALogin) {
  judges({"CC-001", "CC-003"});
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(context()->request_authenticator().access_token().value(), "at-1");
  clock_.advance(30min);
  EXPECT_EQ(context()->request_authenticator().access_token().value(), "at-1");
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(StoredSessionTest, IsNotTouchedByARevocation) {
  judges({"REV-004"});
  answer_metadata();
  answer_json(200, test::token_response());
  http_.answer(oidc::HttpResponse{200, {}, ""});
  const auto auth = context();
  ASSERT_THAT(auth->request_authenticator().access_token(), IsOk());
  const Json before = storage_->load("key").value();
  ASSERT_THAT(auth->client().revoke_access_token("at-1"), IsOk());
  EXPECT_EQ(storage_->load("key").value(), before);
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "at-1");
  EXPECT_EQ(http_.count(), 3U);
}

}  // namespace
}  // namespace authcore
