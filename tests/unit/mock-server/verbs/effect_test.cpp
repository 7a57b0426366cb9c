// A fault that was scripted and made no difference was not delivered.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class EffectTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"id", "fault"}, {"do", action}}); }

  void expect_delivered(bool delivered) {
    const auto verdict = issuer_->verdict();
    EXPECT_EQ(verdict.at("as_expected"), delivered);
    EXPECT_EQ(verdict.at("undelivered_steps").empty(), delivered) << verdict;
    EXPECT_EQ(issuer_->script().states().at(0).delivered, delivered ? 1U : 0U);
  }
};

struct EffectCase {
  const char* name;
  oidc::Json action;
  bool applies;  ///< to a token reply of client credentials: one JWT access token, JSON
};
class ServiceTokenTest : public EffectTest, public testing::WithParamInterface<EffectCase> {};

TEST_P(ServiceTokenTest, StepCountsAsDeliveredIfEveryVerbMadeADifference) {
  once(GetParam().action);
  service_token({{"scope", "api"}});
  expect_delivered(GetParam().applies);
}
const EffectCase kEffects[] = {
    {"SlowDown", {{"slow_down", true}}, false},
    {"ExpireAccess", {{"expire", "access"}}, false},
    {"ExpireRefresh", {{"expire", "refresh"}}, false},
    {"ExpireCode", {{"expire", "code"}}, false},
    {"ExpireDevice", {{"expire", "device"}}, false},
    {"AccessClaims", {{"claims", {{"access", {{"aud", "x"}}}}}}, true},
    {"IdClaims", {{"claims", {{"id", {{"aud", "x"}}}}}}, false},
    {"BothClaims", {{"claims", {{"id", {{"aud", "x"}}}, {"access", {{"aud", "x"}}}}}}, false},
    {"AccessHeader", {{"header", {{"access", {{"kid", "x"}}}}}}, true},
    {"IdHeader", {{"header", {{"id", {{"kid", "x"}}}}}}, false},
    {"Sign", {{"sign", "none"}}, true},
    {"Patch", {{"patch", {{"expires_in", "1"}}}}, true},
    {"Omit", {{"omit", {"scope"}}}, true},
    {"OmitWhatIsNotThere", {{"omit", {"refresh_token"}}}, false},
    {"ClaimsOfATokenThatIsOmitted", {{"sign", "none"}, {"omit", {"access_token"}}}, true},
    {"OneOfTwo", {{"delay", 1}, {"slow_down", true}}, false},
    {"Delay", {{"delay", 1}}, true},
    {"Drop", {{"drop", true}}, true},
    {"Headers", {{"headers", {{"X", "1"}}}}, true},
    {"Error", {{"error", "invalid_grant"}}, true},
    {"Status", {{"status", 503}}, true},
};
INSTANTIATE_TEST_SUITE_P(Design13, ServiceTokenTest, testing::ValuesIn(kEffects),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(EffectTest, OpaqueTokensHaveNoClaimsAndNoSignature) {
  start({{"access_token", "opaque"}});
  once({{"claims", {{"access", {{"aud", "x"}}}}}, {"sign", "none"}});
  service_token({{"scope", "api"}});
  expect_delivered(false);
}

TEST_F(EffectTest, NothingIsSignedWhereNothingIsIssued) {
  once({{"sign", "none"}});
  refresh({{"refresh_token", "made-up"}});
  expect_delivered(false);
}

TEST_F(EffectTest, APageIsNoDocument) {
  once({{"patch", {{"a", 1}}}});
  get("/device");
  expect_delivered(false);
}

TEST_F(EffectTest, AStepWithoutEffectIsUsedUpAllTheSame) {
  once({{"slow_down", true}});
  service_token();
  EXPECT_EQ(error_of(poll(device())), "authorization_pending");
  expect_delivered(false);
}

TEST_F(EffectTest, StepsForeverAreDeliveredOnceOneOfThemWas) {
  script({{"times", "forever"}, {"do", {{"slow_down", true}}}});
  service_token();
  EXPECT_EQ(issuer_->verdict().at("undelivered_steps").size(), 1U);
  EXPECT_EQ(error_of(poll(device())), "slow_down");
  EXPECT_EQ(issuer_->verdict().at("undelivered_steps").size(), 0U);
}

TEST_F(EffectTest, APollOfAnUnknownCodeIsNotSlowedDown) {
  once({{"slow_down", true}});
  poll({{"device_code", "made-up"}});
  expect_delivered(false);
}

TEST_F(EffectTest, WhatIsPresentedExpires) {
  const auto tokens = login();
  once({{"expire", "refresh"}});
  refresh(tokens);
  expect_delivered(true);
}

TEST_F(EffectTest, AnUnknownTokenCannotExpire) {
  once({{"expire", "access"}});
  userinfo("made-up");
  expect_delivered(false);
}

}  // namespace
}  // namespace mockserver::test
