// Verbs of the device grant.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class DeviceVerbsTest : public IssuerTest {
 protected:
  void on_poll(const oidc::Json& action) { script({{"when", {{"grant", "device_code"}}}, {"do", action}}); }
  bool delivered() { return issuer_->verdict().at("undelivered_steps").empty(); }
};

TEST_F(DeviceVerbsTest, ApproveTakesEffectOnThisPoll) {
  on_poll({{"device", "approve"}});
  EXPECT_EQ(poll(device()).response.status, 200);
  EXPECT_TRUE(delivered());
}

TEST_F(DeviceVerbsTest, DenyAndExpire) {
  on_poll({{"device", "deny"}});
  EXPECT_EQ(error_of(poll(device())), "access_denied");
  on_poll({{"device", "expire"}});
  EXPECT_EQ(error_of(poll(device())), "expired_token");
}

TEST_F(DeviceVerbsTest, PendingOutlastsTheDecisionForSoManyPolls) {
  start({{"device", {{"decision", "approve"}}}});
  const auto grant = device();
  on_poll({{"device", {{"pending", 2}}}});
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(5s);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(5s);
  EXPECT_EQ(poll(grant).response.status, 200);
}

TEST_F(DeviceVerbsTest, PendingPollsKeepTheInterval) {
  const auto grant = device();
  on_poll({{"device", {{"pending", 5}}}});
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(1s);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
}

TEST_F(DeviceVerbsTest, AnUnknownDeviceCannotBeApproved) {
  on_poll({{"device", "approve"}});
  EXPECT_EQ(error_of(poll({{"device_code", "made-up"}})), "invalid_grant");
  EXPECT_FALSE(delivered());
}

TEST_F(DeviceVerbsTest, IntervalIsSaidAndEnforced) {
  script({{"when", {{"endpoint", "device_authorization"}}}, {"do", {{"interval", 30}}}});
  const auto grant = device();
  EXPECT_EQ(grant.at("interval"), 30);
  poll(grant);
  clock_.advance(29s);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
}

TEST_F(DeviceVerbsTest, IntervalLeftOutIsFiveSeconds) {
  start({{"device", {{"interval", 1}}}});
  script({{"when", {{"endpoint", "device_authorization"}}}, {"do", {{"interval", "omit"}}}});
  const auto grant = device();
  EXPECT_FALSE(grant.contains("interval"));
  poll(grant);
  clock_.advance(5s);
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  clock_.advance(4s);
  EXPECT_EQ(error_of(poll(grant)), "slow_down");
}

}  // namespace
}  // namespace mockserver::test
