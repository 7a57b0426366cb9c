#include "client_world.hpp"
#include "oidc/base64url.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::make_token;
using oidc::test::SigningKey;
using testing::HasSubstr;
using testing::Not;

Json device_config() {
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
  client(device_config());
  client(secret_config());
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(OidcClientTest, SaysWhatIsWrongWithItsConfiguration) {
  EXPECT_THAT(make_client(Json{{"client_type", "oidc_device_cod"}}, environment()), FailsWith(Errc::kConfig));
}

TEST_F(OidcClientTest, LogsInUnattendedWithClientCredentialsOnly) {
  EXPECT_TRUE(client(secret_config())->can_login_unattended());
  EXPECT_FALSE(client(device_config())->can_login_unattended());
}

TEST_F(OidcClientTest, RefreshesWithoutScopeAndOtherConfiguredParameters) {
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(device_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
  const oidc::Form expected{{"grant_type", "refresh_token"}, {"refresh_token", "rt-1"}, {"client_id", "id"}};
  EXPECT_EQ(http_.form(1), expected);
  EXPECT_EQ(http_.request(1).method, "POST");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/token");
  EXPECT_EQ(http_.request(1).headers.get("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(OidcClientTest, KeepsWhatTheRefreshReplyLeavesOut) {
  answer_metadata();
  answer_json(200, test::token_response());
  const auto fresh = client(device_config())->refresh(stored({{"refresh_token", "rt-1"}, {"access_token", "at-0"}}));
  ASSERT_THAT(fresh, IsOk());
  EXPECT_EQ(fresh->refresh_token(), "rt-1");
  EXPECT_EQ(fresh->access_token(), "at-1");
  EXPECT_EQ(fresh->expires_at(), test::kStart + 1h);
}

TEST_F(OidcClientTest, RefreshesWithBasicThoughItLogsInWithPost) {
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(secret_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
  EXPECT_FALSE(http_.form(1).contains("client_secret"));
}

TEST_F(OidcClientTest, SendsNothingWithoutARefreshToken) {
  EXPECT_THAT(client(device_config())->refresh(stored({{"access_token", "at"}})), FailsWith(Errc::kNoCredential));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(OidcClientTest, SaysThatARefreshTokenIsRefusedAndDoesNotShowIt) {
  answer_metadata();
  answer_json(400, {{"error", "invalid_grant"}, {"error_description", "rt-secret is revoked"}});
  const auto result = client(device_config())->refresh(stored({{"refresh_token", "rt-secret"}}));
  EXPECT_THAT(result, FailsWith(Errc::kInvalidGrant, Not(HasSubstr("rt-secret"))));
}

TEST_F(OidcClientTest, NeverSendsARefreshTokenTwiceIfItMayHaveArrived) {
  answer_metadata();
  http_.answer(oidc::test::lost_reply());
  const auto result = client(device_config())->refresh(stored({{"refresh_token", "rt-1"}}));
  ASSERT_THAT(result, FailsWith(Errc::kNetwork));
  EXPECT_FALSE(result.error().definite);
  EXPECT_EQ(http_.count(), 2U);
}

TEST_F(OidcClientTest, RepeatsARefreshThatTheServerThrottled) {
  answer_metadata();
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "5"));
  answer_json(200, test::token_response());
  EXPECT_THAT(client(device_config())->refresh(stored({{"refresh_token", "rt-1"}})), IsOk());
}

TEST_F(OidcClientTest, ReadsTheRetryAfterCapFromItsConfiguration) {
  Json config = device_config();
  config["max_retry_after_s"] = 2.5;
  answer_metadata();
  http_.answer(oidc::test::with_header({429, {}, ""}, "Retry-After", "3"));
  EXPECT_THAT(client(config)->refresh(stored({{"refresh_token", "rt-1"}})), FailsWith(Errc::kRateLimited));
}

TEST_F(OidcClientTest, HasADeviceLoginForDeviceClientsOnly) {
  const auto other = client(secret_config());
  EXPECT_THAT(other->device_login_initiate({}), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(other->device_login_complete({}), FailsWith(Errc::kUnsupportedByClient));
}

}  // namespace
}  // namespace authcore
