#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using ClientCredentialsTest = IssuerTest;

TEST_F(ClientCredentialsTest, AccessTokenIsAsRfc9068Says) {
  const auto reply = body_of(service_token({{"scope", "api"}}));
  const std::string jwt = reply.at("access_token");
  EXPECT_EQ(jwt_part(jwt, 0).at("typ"), "at+jwt");
  const auto claims = jwt_part(jwt, 1);
  EXPECT_EQ(claims.at("sub"), "service");
  EXPECT_EQ(claims.at("client_id"), "service");
  EXPECT_EQ(claims.at("aud"), "https://api.test");
  EXPECT_EQ(claims.at("scope"), "api");
  EXPECT_EQ(claims.at("iat"), oidc::epoch_seconds(kStart).count());
  EXPECT_EQ(claims.at("exp"), oidc::epoch_seconds(kStart + 1h).count());
  EXPECT_EQ(reply.at("expires_in"), 3600);
  EXPECT_EQ(reply.at("token_type"), "Bearer");
}

TEST_F(ClientCredentialsTest, ThereIsNeitherRefreshTokenNorIdToken) {
  const auto reply = body_of(service_token({{"scope", "openid offline_access api"}}));
  EXPECT_FALSE(reply.contains("refresh_token"));
  EXPECT_FALSE(reply.contains("id_token"));
  EXPECT_EQ(reply.at("scope"), "api");
}

TEST_F(ClientCredentialsTest, WithoutScopeTheReplySaysWhatWasGranted) {
  EXPECT_EQ(body_of(service_token()).at("scope"), "api");
}

TEST_F(ClientCredentialsTest, AScopeThatIsAskedForTwiceIsGrantedOnce) {
  EXPECT_EQ(body_of(service_token({{"scope", "api profile api"}})).at("scope"), "api profile");
}

TEST_F(ClientCredentialsTest, UnknownScopeIsInvalidScope) {
  EXPECT_EQ(error_of(service_token({{"scope", "api admin"}})), "invalid_scope");
  EXPECT_EQ(error_of(service_token({{"scope", "api  profile"}})), "invalid_scope");
}

TEST_F(ClientCredentialsTest, TwoTokensOfOneSecondDiffer) {
  const auto first = claims_of(body_of(service_token()), "access_token");
  const auto second = claims_of(body_of(service_token()), "access_token");
  EXPECT_NE(first.at("jti"), second.at("jti"));
}

TEST_F(ClientCredentialsTest, SameSeedSameTokens) {
  const auto first = body_of(service_token());
  start(oidc::Json::object());
  EXPECT_EQ(body_of(service_token()), first);
  start({{"seed", 2}});
  EXPECT_NE(body_of(service_token()), first);
}

TEST_F(ClientCredentialsTest, OpaqueTokensSayNothing) {
  start({{"access_token", "opaque"}});
  EXPECT_EQ(body_of(service_token()).at("access_token").get<std::string>().find('.'), std::string::npos);
}

TEST_F(ClientCredentialsTest, ExpiresInCanBeLeftOut) {
  start({{"omit_expires_in", true}});
  EXPECT_FALSE(body_of(service_token()).contains("expires_in"));
}

TEST_F(ClientCredentialsTest, TheOldestTokensAreForgottenOnceThereAreTenThousand) {
  start({{"access_token", "opaque"}, {"journal_max", 10}});
  const auto user = login();
  const auto first = body_of(service_token()).at("access_token");
  const auto second = body_of(service_token()).at("access_token");
  for (int i = 0; i < 9'999; ++i) {
    service_token();
  }
  EXPECT_FALSE(active(first));
  EXPECT_TRUE(active(second));
  EXPECT_TRUE(active(user.at("access_token"))) << "only service tokens are forgotten";
  EXPECT_EQ(issuer_->ledger().value_of("at#2"), std::nullopt);
  EXPECT_EQ(issuer_->ledger().name_of(second.get<std::string>()), "at#3");
}

}  // namespace
}  // namespace mockserver::test
