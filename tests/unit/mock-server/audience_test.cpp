// `resource` (RFC 8707) and `audience`, whatever the grant.

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

const std::string kOrders = "https://orders.test";
const std::string kBilling = "https://billing.test";

class AudienceTest : public IssuerTest {
 protected:
  void SetUp() override { start({{"audiences", {kOrders, kBilling}}}); }
  static oidc::Json aud(const Reply& reply) { return claims_of(body_of(reply), "access_token").at("aud"); }
  static oidc::Form with_resources(oidc::Form form, const std::vector<std::string>& resources) {
    for (const auto& resource : resources) {
      form.add("resource", resource);
    }
    return form;
  }
};

TEST_F(AudienceTest, OneIsAStringSeveralAreAnArrayNoneIsAsConfigured) {
  EXPECT_EQ(aud(service_token()), "https://api.test");
  EXPECT_EQ(aud(service_token({{"resource", kOrders}})), kOrders);
  EXPECT_EQ(aud(service_token({{"audience", "https://api.test"}})), "https://api.test");
  const oidc::Json both = {kOrders, kBilling};
  EXPECT_EQ(aud(service_token({{"resource", kOrders}, {"resource", kBilling}, {"resource", kOrders}})), both);
}

TEST_F(AudienceTest, UnknownAndMalformedOnesAreInvalidTargets) {
  for (const char* resource : {"https://unknown.test", "orders", "https://orders.test#x"}) {
    const auto reply = service_token({{"resource", resource}});
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), "invalid_target") << resource;
  }
}

TEST_F(AudienceTest, IntrospectionTellsTheSame) {
  EXPECT_EQ(introspect(body_of(service_token({{"resource", kOrders}})).at("access_token")).at("aud"), kOrders);
}

TEST_F(AudienceTest, WhatWasAuthorizedIsTheMostThatCodeAndRefreshMayAskFor) {
  const oidc::Json both = {kOrders, kBilling};
  const auto form = with_resources(authorization(), {kOrders, kBilling});
  EXPECT_EQ(aud(redeem(code(form))), both);
  const auto narrowed = post("/token", with_resources(redemption(code(form)), {kOrders}));
  EXPECT_EQ(aud(narrowed), kOrders);
  EXPECT_EQ(aud(refresh(body_of(narrowed))), both) << "this token was narrowed, not the grant";
  const auto tokens = body_of(redeem(code(with_resources(authorization(), {kOrders}))));
  EXPECT_EQ(error_of(refresh(tokens, {{"resource", kBilling}})), "invalid_target");
  EXPECT_EQ(aud(refresh(tokens, {{"resource", kOrders}})), kOrders) << "the refusal used nothing up";
}

TEST_F(AudienceTest, TheAuthorizationEndpointRefusesUnknownOnes) {
  EXPECT_EQ(redirect_of(authorize(with_resources(authorization(), {"https://unknown.test"}))).value_or_empty("error"),
            "invalid_target");
}

TEST_F(AudienceTest, PasswordAndDeviceGrantsTakeThemToo) {
  const oidc::Form password{
      {"grant_type", "password"}, {"client_id", "app"}, {"username", "user-1"}, {"password", "p4ss:/%\xc3\xb6+ word"}};
  EXPECT_EQ(aud(post("/token", with_resources(password, {kOrders}))), kOrders);
  const auto started = device();
  ASSERT_TRUE(issuer_->decide_device("", Decision::kApprove).has_value());
  const oidc::Form poll{{"grant_type", kDeviceGrant}, {"client_id", "app"}, {"device_code", started.at("device_code")}};
  EXPECT_EQ(error_of(post("/token", with_resources(poll, {"https://unknown.test"}))), "invalid_target");
  EXPECT_EQ(aud(post("/token", with_resources(poll, {kBilling}))), kBilling);
}

TEST_F(AudienceTest, AClientsOwnAudienceIsItsDefault) {
  start({{"clients",
          {{{"id", "service"},
            {"auth", "client_secret_basic"},
            {"secret", kSecret},
            {"audience", "https://planet.test"}}}}});
  EXPECT_EQ(aud(service_token()), "https://planet.test");
  EXPECT_EQ(aud(service_token({{"audience", "https://planet.test"}})), "https://planet.test");
  EXPECT_EQ(error_of(service_token({{"audience", "https://api.test"}})), "invalid_target");
}

}  // namespace
}  // namespace mockserver::test
