#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using RefreshTokenTest = IssuerTest;

TEST_F(RefreshTokenTest, RotatesAndGivesAnIdTokenWithoutNonce) {
  const auto first = login();
  clock_.advance(10s);
  const auto second = body_of(refresh(first));
  EXPECT_NE(second.at("refresh_token"), first.at("refresh_token"));
  EXPECT_NE(second.at("access_token"), first.at("access_token"));
  const auto claims = claims_of(second, "id_token");
  EXPECT_FALSE(claims.contains("nonce"));
  EXPECT_EQ(claims.at("auth_time"), oidc::epoch_seconds(kStart).count());
  EXPECT_EQ(claims.at("iat"), oidc::epoch_seconds(kStart + 10s).count());
}

TEST_F(RefreshTokenTest, ReuseRevokesTheWholeFamily) {
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
  EXPECT_FALSE(active(second.at("access_token")));
  EXPECT_EQ(error_of(refresh(second)), "invalid_grant");
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

TEST_F(RefreshTokenTest, OtherFamiliesOutliveAReuse) {
  const auto other = login();
  const auto first = login();
  refresh(first);
  refresh(first);
  EXPECT_EQ(refresh(other).response.status, 200);
}

TEST_F(RefreshTokenTest, GraceLetsATokenComeAgainWhileNoSuccessorWasUsed) {
  start({{"refresh_grace_s", 30}});
  const auto first = login();
  const auto lost = body_of(refresh(first));
  clock_.advance(30s - 1ms);
  const auto second = body_of(refresh(first));
  EXPECT_NE(second.at("refresh_token"), lost.at("refresh_token"));
  EXPECT_EQ(refresh(second).response.status, 200);
}

TEST_F(RefreshTokenTest, GraceEndsWithItsTimeWhichReuseDoesNotProlong) {
  start({{"refresh_grace_s", 30}});
  const auto first = login();
  refresh(first);
  clock_.advance(20s);
  EXPECT_EQ(refresh(first).response.status, 200);
  clock_.advance(10s);
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

TEST_F(RefreshTokenTest, GraceEndsWithTheFirstUseOfASuccessor) {
  start({{"refresh_grace_s", 30}});
  const auto first = login();
  const auto second = body_of(refresh(first));
  const auto third = body_of(refresh(second));
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
  EXPECT_EQ(error_of(refresh(third)), "invalid_grant");
}

TEST_F(RefreshTokenTest, OfSeveralSuccessorsTheFirstToBeUsedIsTheOnlyOne) {
  start({{"refresh_grace_s", 30}});
  const auto first = login();
  const auto lost = body_of(refresh(first));
  const auto used = body_of(refresh(first));
  EXPECT_EQ(refresh(used).response.status, 200);
  EXPECT_THAT(issuer_->live_tokens(), testing::Not(testing::Contains("rt#2")));
  EXPECT_EQ(error_of(refresh(lost)), "invalid_grant");
  EXPECT_THAT(issuer_->live_tokens(), testing::IsEmpty());
}

TEST_F(RefreshTokenTest, GraceDoesNotOutliveTheToken) {
  start({{"refresh_grace_s", 300}, {"lifetimes", {{"refresh", 100}}}});
  const auto first = login();
  refresh(first);
  clock_.advance(100s);
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
}

TEST_F(RefreshTokenTest, PolicySameGivesTheSameTokenAgain) {
  start({{"refresh", "same"}});
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_EQ(second.at("refresh_token"), first.at("refresh_token"));
  EXPECT_EQ(refresh(first).response.status, 200);
}

TEST_F(RefreshTokenTest, WiderScopeIsInvalidScopeAndUsesNothingUp) {
  const auto tokens = login("openid offline_access");
  EXPECT_EQ(error_of(refresh(tokens, {{"scope", "openid api"}})), "invalid_scope");
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(RefreshTokenTest, NarrowerScopeNarrowsThisAccessTokenOnly) {
  const auto narrow = body_of(refresh(login(), {{"scope", "api"}}));
  EXPECT_EQ(narrow.at("scope"), "api");
  EXPECT_FALSE(narrow.contains("id_token"));
  EXPECT_EQ(body_of(refresh(narrow)).at("scope"), "openid offline_access api");
}

TEST_F(RefreshTokenTest, UnknownForeignOrExpiredIsInvalidGrant) {
  start({{"lifetimes", {{"refresh", 100}}}});
  const auto tokens = login();
  EXPECT_EQ(error_of(refresh(tokens, {{"refresh_token", "unknown"}})), "invalid_grant");
  EXPECT_EQ(error_of(post("/token", {{"grant_type", "refresh_token"}, {"refresh_token", tokens.at("refresh_token")}},
                          {{"Authorization", basic("service", kSecret)}})),
            "invalid_grant");
  clock_.advance(100s - 1ms);
  const auto rotated = body_of(refresh(tokens));
  clock_.advance(100s);
  EXPECT_EQ(error_of(refresh(rotated)), "invalid_grant");
}

TEST_F(RefreshTokenTest, UnknownTokenFailsAlsoWithAClaimChangeScripted) {
  script({{"do", {{"claims", {{"access", {{"x", 1}}}}}}}});
  EXPECT_EQ(error_of(refresh({{"refresh_token", "unknown"}})), "invalid_grant");
}

TEST_F(RefreshTokenTest, AUsedOneInForeignHandsRevokesNothing) {
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_EQ(error_of(post("/token", {{"grant_type", "refresh_token"}, {"refresh_token", first.at("refresh_token")}},
                          {{"Authorization", basic("service", kSecret)}})),
            "invalid_grant");
  EXPECT_TRUE(active(second.at("access_token"))) << "who is not the client cannot end its login";
}

}  // namespace
}  // namespace mockserver::test
