#include "control_fixture.hpp"

#include "oidc/base64url.hpp"

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

TEST_F(KeyCallsTest, ATokenIsMintedAndSignedByWhomItIsTold) {
  const auto kid_of = [&](const char* sign) {
    const auto minted = post("/v1/issuers/alpha/tokens", {{"sign", sign}, {"claims", {{"x", 1}}}});
    EXPECT_EQ(minted.status, 201);
    const std::string jwt = minted.json.at("token");
    const auto header = oidc::base64url_decode(jwt.substr(0, jwt.find('.')));
    return oidc::parse_json(header.value()).value().at("kid").get<std::string>();
  };
  EXPECT_EQ(kid_of("active"), keys().at(0).at("kid"));
  const std::string next = kid_of("next");
  EXPECT_EQ(keys().at(0).at("kid"), next);
  EXPECT_EQ(keys().at(0).at("published"), false);
}

}  // namespace
}  // namespace mockserver::testing_support
