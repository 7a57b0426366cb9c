#include "mockserver/issuers.hpp"

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class IssuersTest : public testing::Test {
 protected:
  std::shared_ptr<Issuer> make(const std::string& name) {
    return issuers_.create(name, parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  }
  oidc::Errc refused(const std::string& name) {
    return issuers_.create(name, parse_issuer_config(oidc::Json::object()).value(), clock_).error().code;
  }
  int status(const std::string& path) {
    return issuers_.handle({"GET", "https://issuer.test" + path, {}, ""}).response.status;
  }

  oidc::VirtualClock clock_{kStart};
  Issuers issuers_{"https://issuer.test"};
};

TEST_F(IssuersTest, NamesArePathSegmentsGivenOnce) {
  EXPECT_EQ(make("alpha")->base_url(), "https://issuer.test/alpha");
  EXPECT_EQ(make("")->base_url(), "https://issuer.test/issuer-1");
  for (const std::string name : {"alpha", "a/b", "a b", ".well-known", "..", "\xc3\xa9"}) {
    EXPECT_EQ(refused(name), oidc::Errc::kInvalidArgument) << name;
  }
  EXPECT_THAT(issuers_.names(), testing::ElementsAre("alpha", "issuer-1"));
}

TEST_F(IssuersTest, RoutesEachWellKnownForm) {
  make("alpha");
  for (const char* path :
       {"/alpha/jwks", "/alpha/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/alpha",
        "/.well-known/openid-configuration/alpha"}) {
    EXPECT_EQ(status(path), 200) << path;
  }
  for (const char* path : {"/", "/beta/jwks", "/alphabet/jwks", "/.well-known/openid-configuration"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

TEST_F(IssuersTest, ARemovedIssuerFinishesForThoseWhoHoldIt) {
  const auto issuer = make("alpha");
  EXPECT_TRUE(issuers_.remove("alpha"));
  EXPECT_FALSE(issuers_.remove("alpha"));
  EXPECT_EQ(status("/alpha/jwks"), 404);
  EXPECT_EQ(issuer->handle({"GET", "https://issuer.test/alpha/jwks", {}, ""}).response.status, 200);
}

TEST_F(IssuersTest, AnIssuerMayOwnItsClock) {
  auto own = std::make_shared<oidc::VirtualClock>(kStart + 24h);
  const auto issuer = issuers_.create("own", parse_issuer_config(oidc::Json::object()).value(), own).value();
  own.reset();
  EXPECT_EQ(issuer->clock().now(), kStart + 24h);
}

TEST_F(IssuersTest, TokensOfOneIssuerMeanNothingToAnother) {
  const auto alpha = make("alpha");
  const auto beta = make("beta");
  const std::string token = alpha->mint_token({}).value();
  EXPECT_NE(beta->mint_token({}).value(), token);
  const auto reply = beta->handle({"GET", beta->base_url() + "/userinfo", {{"Authorization", "Bearer " + token}}, ""});
  EXPECT_EQ(reply.response.status, 401);
}

}  // namespace
}  // namespace mockserver::test
