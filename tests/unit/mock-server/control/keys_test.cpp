#include "control_fixture.hpp"

#include <gmock/gmock.h>

namespace mockserver::testing_support {
namespace {

class KeyCallsTest : public ControlTest {
 protected:
  void SetUp() override { post("/v1/issuers", {{"name", "alpha"}}); }

  oidc::Json keys() { return get("/v1/issuers/alpha/keys").json.at("keys"); }
};

TEST_F(KeyCallsTest, KeysAreListedWithTheirStates) {
  const auto all = keys();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(0).at("alg"), "RS256");
  EXPECT_EQ(all.at(0).at("state"), "active");
  EXPECT_EQ(all.at(0).at("published"), true);
  EXPECT_EQ(all.at(1).at("state"), "spare");
}

TEST_F(KeyCallsTest, ARotationMayPublishItsKeyBeforeItSigns) {
  const auto next = post("/v1/issuers/alpha/keys/rotate", {{"publish", "before"}});
  EXPECT_EQ(next.status, 200);
  EXPECT_EQ(keys().at(0).at("state"), "next");
  EXPECT_EQ(keys().at(0).at("kid"), next.json.at("kid"));
  EXPECT_EQ(post("/v1/issuers/alpha/keys/rotate", {{"publish", "sometime"}}).status, 400);
}

TEST_F(KeyCallsTest, AKeyRetiresUnlessItSigns) {
  const std::string old = keys().at(0).at("kid");
  EXPECT_EQ(post("/v1/issuers/alpha/keys/" + old + "/retire", {}).status, 409);
  post("/v1/issuers/alpha/keys/rotate", oidc::Json::object());
  EXPECT_EQ(post("/v1/issuers/alpha/keys/" + old + "/retire", {}).status, 204);
  EXPECT_EQ(post("/v1/issuers/alpha/keys/" + old + "/retire", {}).status, 404);
  const auto jwks = oidc::parse_json(ask("GET", "/alpha/jwks").response.body).value();
  for (const auto& key : jwks.at("keys")) {
    EXPECT_NE(key.at("kid"), old);
  }
}

}  // namespace
}  // namespace mockserver::testing_support
