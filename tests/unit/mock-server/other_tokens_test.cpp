// Scopes of several resource servers in one response, as Globus Auth has it.

#include "issuer_fixture.hpp"
#include "status_matchers.hpp"

namespace mockserver::test {
namespace {

class OtherTokensTest : public IssuerTest {
 protected:
  void SetUp() override {
    start({{"scopes", {"openid", "offline_access", "api", "transfer:all", "search:read", "search:write"}},
           {"resource_servers",
            {{{"id", "transfer.test"}, {"scopes", {"transfer:all"}}},
             {{"id", "search.test"}, {"scopes", {"search:read", "search:write"}}}}}});
  }
};

TEST(OtherTokensConfigTest, ScopesOfAResourceServerAreTheIssuersToo) {
  auto config = oidc::parse_json(R"({"resource_servers": [{"id": "a", "scopes": ["api", "typo"]}]})").value();
  const auto refused = parse_issuer_config(config);
  ASSERT_THAT(refused, oidc::test::FailsWith(oidc::Errc::kBadInput,
                                             testing::HasSubstr("/resource_servers/0/scopes/1: \"typo\"")));
  config["lenient"] = oidc::Json::array({"any_scope"});
  EXPECT_THAT(parse_issuer_config(config), oidc::test::IsOk()) << "it is granted to whoever asks";
}

TEST_F(OtherTokensTest, EachResourceServerHasATokenForItsScopesAlone) {
  const auto reply = login("openid transfer:all search:read");
  EXPECT_EQ(reply.at("scope"), "openid");
  EXPECT_EQ(reply.at("resource_server"), kBase);
  EXPECT_TRUE(reply.contains("id_token"));
  const auto& others = reply.at("other_tokens");
  ASSERT_EQ(others.size(), 2U);
  EXPECT_EQ(others.at(0).at("resource_server"), "transfer.test");
  EXPECT_EQ(others.at(0).at("scope"), "transfer:all");
  EXPECT_EQ(others.at(1).at("scope"), "search:read");
  EXPECT_EQ(others.at(1).at("expires_in"), 3600);
  EXPECT_EQ(others.at(1).at("token_type"), "Bearer");
  EXPECT_FALSE(others.at(0).contains("id_token"));
  const auto claims = claims_of(others.at(0), "access_token");
  EXPECT_EQ(claims.at("aud"), "transfer.test");
  EXPECT_EQ(claims.at("scope"), "transfer:all");
  EXPECT_TRUE(active(others.at(1).at("access_token")));
}

TEST_F(OtherTokensTest, WithoutScopesOfTheIssuerTheFirstResourceServerIsTheResponse) {
  const auto reply = login("transfer:all search:read");
  EXPECT_EQ(reply.at("resource_server"), "transfer.test");
  EXPECT_EQ(reply.at("other_tokens").size(), 1U);
  EXPECT_EQ(login("api").at("other_tokens"), oidc::Json::array());
}

TEST_F(OtherTokensTest, EachHasARefreshTokenThatRefreshesItAlone) {
  const auto reply = login("openid offline_access transfer:all search:read");
  EXPECT_EQ(reply.at("scope"), "openid offline_access");
  const auto search = body_of(refresh(reply.at("other_tokens").at(1)));
  EXPECT_EQ(search.at("scope"), "search:read");
  EXPECT_EQ(search.at("resource_server"), "search.test");
  EXPECT_EQ(search.at("other_tokens"), oidc::Json::array());
  EXPECT_EQ(claims_of(search, "access_token").at("aud"), "search.test");
  EXPECT_TRUE(search.contains("refresh_token"));
}

TEST_F(OtherTokensTest, TheReuseOfACodeRevokesThemAll) {
  const std::string value = code(authorization("openid transfer:all search:read"));
  const auto reply = body_of(redeem(value));
  redeem(value);
  EXPECT_FALSE(active(reply.at("access_token")));
  EXPECT_FALSE(active(reply.at("other_tokens").at(0).at("access_token")));
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

TEST_F(OtherTokensTest, ClientCredentialsHaveThemAsWell) {
  const auto reply = body_of(service_token({{"scope", "transfer:all search:write"}}));
  EXPECT_EQ(reply.at("resource_server"), "transfer.test");
  EXPECT_EQ(reply.at("other_tokens").at(0).at("scope"), "search:write");
}

TEST_F(OtherTokensTest, WithoutResourceServersThereAreNone) {
  start(oidc::Json::object());
  EXPECT_FALSE(login().contains("other_tokens"));
}

}  // namespace
}  // namespace mockserver::test
