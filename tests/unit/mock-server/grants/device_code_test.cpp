#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using DeviceCodeTest = IssuerTest;

TEST_F(DeviceCodeTest, AuthorizationReplyHasEveryMemberOfRfc8628) {
  const auto reply = device();
  EXPECT_EQ(reply.at("verification_uri"), kBase + "/device");
  EXPECT_EQ(reply.at("verification_uri_complete"),
            kBase + "/device?user_code=" + reply.at("user_code").get<std::string>());
  EXPECT_EQ(reply.at("expires_in"), 600);
  EXPECT_EQ(reply.at("interval"), 5);
  EXPECT_THAT(reply.at("user_code").get<std::string>(), testing::MatchesRegex("[B-Z]{4}-[B-Z]{4}"));
  EXPECT_EQ(get("/device").response.status, 200);
}

TEST_F(DeviceCodeTest, IsPendingUntilApprovedAndGivenOnce) {
  const auto grant = device();
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  ASSERT_TRUE(issuer_->decide_device("", Decision::kApprove));
  clock_.advance(5s);
  const auto reply = poll(grant);
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_TRUE(body_of(reply).contains("refresh_token"));
  clock_.advance(5s);
  EXPECT_EQ(error_of(poll(grant)), "invalid_grant");
}

TEST_F(DeviceCodeTest, FirstPollIsNeverTooSoon) {
  EXPECT_EQ(error_of(poll(device())), "authorization_pending");
}

TEST_F(DeviceCodeTest, SlowDownAddsFiveSecondsForGoodAndCanBeRecoveredFrom) {
  const auto grant = device();
  poll(grant);
  clock_.advance(5s - 1ms);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");  // now 10 s
  clock_.advance(10s - 1ms);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");  // now 15 s
  clock_.advance(15s);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(15s);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(5s);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
}

TEST_F(DeviceCodeTest, ScriptedSlowDownIsRememberedToo) {
  script({{"do", {{"slow_down", true}}}, {"when", {{"grant", "device_code"}}}});
  const auto grant = device();
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
  clock_.advance(5s);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
}

TEST_F(DeviceCodeTest, DeniedIsAccessDenied) {
  const auto grant = device();
  ASSERT_TRUE(issuer_->decide_device(grant.at("user_code").get<std::string>(), Decision::kDeny));
  EXPECT_EQ(error_of(poll(grant)), "access_denied");
}

TEST_F(DeviceCodeTest, ExpiredIsExpiredToken) {
  const auto grant = device();
  clock_.advance(600s);
  EXPECT_EQ(error_of(poll(grant)), "expired_token");
}

TEST_F(DeviceCodeTest, TheLastDecisionCounts) {
  const auto grant = device();
  ASSERT_TRUE(issuer_->decide_device("", Decision::kDeny));
  ASSERT_TRUE(issuer_->decide_device("", Decision::kApprove));
  EXPECT_EQ(poll(grant).response.status, 200);
}

TEST_F(DeviceCodeTest, ThereIsNothingToDecideWhenItIsOver) {
  const auto grant = device();
  ASSERT_TRUE(issuer_->decide_device("", Decision::kApprove));
  ASSERT_EQ(poll(grant).response.status, 200);
  EXPECT_EQ(issuer_->decide_device("", Decision::kDeny).error().message,
            "the device grant is over: its tokens were issued");
  EXPECT_EQ(issuer_->expire_device("").error().code, oidc::Errc::kInvalidArgument);
  device();
  clock_.advance(600s);
  EXPECT_EQ(issuer_->decide_device("", Decision::kApprove).error().message, "the device grant is over: it expired");
}

TEST_F(DeviceCodeTest, UnknownOrForeignIsInvalidGrant) {
  const auto grant = device();
  EXPECT_EQ(error_of(poll({{"device_code", "unknown"}})), "invalid_grant");
  EXPECT_EQ(error_of(post("/token", {{"grant_type", kDeviceGrant}, {"device_code", grant.at("device_code")}},
                          {{"Authorization", basic("service", kSecret)}})),
            "invalid_grant");
}

TEST_F(DeviceCodeTest, AConfidentialClientMustAuthenticate) {
  EXPECT_EQ(error_of(post("/device_authorization", {{"client_id", "service"}})), "invalid_client");
}

TEST_F(DeviceCodeTest, AClockThatWasSetBackMakesNobodyImpatient) {
  const auto grant = device();
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.step_wall(-60s);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
}

TEST_F(DeviceCodeTest, ConfiguredDecisionComesAfterItsTime) {
  start({{"device", {{"decision", "approve"}, {"decide_after", 12}}}});
  const auto grant = device();
  clock_.advance(12s - 1ms);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(5s);
  EXPECT_EQ(poll(grant).response.status, 200);
}

TEST_F(DeviceCodeTest, UserCodesAreFoundHoweverTheyAreTyped) {
  const auto grant = device();
  device();
  std::string typed = grant.at("user_code");
  typed.erase(4, 1);
  std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  ASSERT_TRUE(issuer_->expire_device(typed));
  EXPECT_EQ(error_of(poll(grant)), "expired_token");
  EXPECT_EQ(issuer_->decide_device("XXXX-XXXX", Decision::kApprove).error().code, oidc::Errc::kNotFound);
}

TEST_F(DeviceCodeTest, AResourceAskedForWithTheCodesIsTheMostThatThePollMayAskFor) {
  start({{"audiences", {"https://orders.test", "https://billing.test"}}, {"device", {{"decision", "approve"}}}});
  const auto begin = [&](const std::string& resource) {
    return post("/device_authorization", {{"client_id", "app"}, {"resource", resource}});
  };
  EXPECT_EQ(error_of(begin("https://unknown.test")), "invalid_target");
  const auto grant = body_of(begin("https://orders.test"));
  const auto asking = [&](const std::string& resource) {
    return post("/token", {{"grant_type", kDeviceGrant},
                           {"client_id", "app"},
                           {"device_code", grant.at("device_code")},
                           {"resource", resource}});
  };
  EXPECT_EQ(error_of(asking("https://billing.test")), "invalid_target");
  const auto reply = poll(grant);
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("aud"), "https://orders.test");
}

}  // namespace
}  // namespace mockserver::test
