// Reuse policies, and what a step changes for one refresh.

#include "../issuer_fixture.hpp"
#include "call.hpp"
#include "issue.hpp"

namespace mockserver::test {
namespace {

using RefreshPolicyTest = IssuerTest;

TEST_F(RefreshPolicyTest, ReuseIsRejectedAndTheFamilyLives) {
  start({{"refresh_reuse", "reject"}});
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
  EXPECT_TRUE(active(second.at("access_token")));
  EXPECT_EQ(refresh(second).response.status, 200);
}

TEST_F(RefreshPolicyTest, ReuseIsAcceptedAsOftenAsYouLike) {
  start({{"refresh_reuse", "accept"}});
  const auto first = login();
  const auto second = body_of(refresh(first));
  EXPECT_EQ(refresh(second).response.status, 200);
  EXPECT_EQ(refresh(first).response.status, 200);
  EXPECT_EQ(refresh(first).response.status, 200);
}

TEST_F(RefreshPolicyTest, PolicyOmitGivesNoneAndTheOldOneStaysGood) {
  start({{"refresh", "omit"}});
  const auto first = login();
  EXPECT_FALSE(body_of(refresh(first)).contains("refresh_token"));
  EXPECT_FALSE(body_of(refresh(first)).contains("refresh_token"));
}

TEST_F(RefreshPolicyTest, AnAcceptedReuseStillEndsWithItsLife) {
  start({{"refresh_reuse", "accept"}, {"lifetimes", {{"refresh", 100}}}});
  const auto first = login();
  refresh(first);
  clock_.advance(100s);
  EXPECT_EQ(error_of(refresh(first)), "invalid_grant");
}

/// Issuing with the changes that steps make, without a step.
class TokenChangesTest : public testing::Test {
 protected:
  oidc::Json issue(const TokenChanges& changes) {
    Grant grant{"app", "user-1", {"openid", "offline_access", "api"}, "", kStart};
    grant_ = world_.tokens.open(grant);
    return issue_tokens(world_, {grant_, grant, grant.scopes, "", kStart}, changes);
  }

  oidc::VirtualClock clock_{kStart};
  World world_{parse_issuer_config(oidc::Json::object()).value(), kBase, clock_};
  GrantId grant_ = 0;
};

TEST_F(TokenChangesTest, OmitLeavesTheRefreshTokenOutOfALogin) {
  TokenChanges changes;
  changes.refresh = RefreshPolicy::kOmit;
  EXPECT_FALSE(issue(changes).contains("refresh_token"));
  EXPECT_TRUE(issue({}).contains("refresh_token"));
}

TEST_F(TokenChangesTest, OtherScopesAreThoseOfTheTokenTheReplyAndTheGrant) {
  TokenChanges changes;
  changes.scopes = Scopes{"api"};
  const auto reply = issue(changes);
  EXPECT_EQ(reply.at("scope"), "api");
  EXPECT_EQ(claims_of(reply, "access_token").at("scope"), "api");
  EXPECT_FALSE(reply.contains("id_token")) << "openid was not granted";
  EXPECT_FALSE(reply.contains("refresh_token")) << "nor offline_access";
  EXPECT_THAT(world_.tokens.grant(grant_)->scopes, testing::ElementsAre("api"));
}

TEST_F(TokenChangesTest, KidAndCorruptionTouchBothJwts) {
  TokenChanges changes;
  changes.kid = "omit";
  const auto reply = issue(changes);
  EXPECT_FALSE(jwt_part(reply.at("access_token"), 0).contains("kid"));
  EXPECT_FALSE(jwt_part(reply.at("id_token"), 0).contains("kid"));
  changes.corrupt = "segments";
  const std::string jwt = issue(changes).at("access_token");
  EXPECT_EQ(std::ranges::count(jwt, '.'), 1);
}

TEST_F(TokenChangesTest, AtHashIsRightForTheTokenAsItIsSent) {
  TokenChanges changes;
  changes.corrupt = "payload";
  const auto reply = issue(changes);
  const std::string hash =
      oidc::base64url_encode(oidc::sha256(reply.at("access_token").get<std::string>()).substr(0, 16));
  const std::string id_token = reply.at("id_token");
  EXPECT_EQ(jwt_part(id_token, 1).at("at_hash"), hash);
}

TEST_F(TokenChangesTest, GraceOfTheFirstUseIsRemembered) {
  const std::string value = issue({}).at("refresh_token");
  const RefreshUse generous{.grace = 30s};
  EXPECT_TRUE(world_.tokens.redeem_refresh(value, "app", {}, generous, kStart));
  EXPECT_TRUE(world_.tokens.redeem_refresh(value, "app", {}, {}, kStart + 30s - 1ms));
  EXPECT_FALSE(world_.tokens.redeem_refresh(value, "app", {}, {}, kStart + 30s));
}

TEST_F(TokenChangesTest, TokensOfADpopGrantAreBoundAndSaySo) {
  Grant grant{"app", "user-1", {"api"}, "", kStart};
  grant.dpop_jkt = "thumbprint";
  const GrantId id = world_.tokens.open(grant);
  const auto reply = issue_tokens(world_, {id, grant, grant.scopes, "", kStart}, {});
  EXPECT_EQ(reply.at("token_type"), "DPoP");
  EXPECT_EQ(claims_of(reply, "access_token").at("cnf"), (oidc::Json{{"jkt", "thumbprint"}}));
  EXPECT_EQ(world_.tokens.find_access(reply.at("access_token").get<std::string>(), kStart)->token.dpop_jkt,
            "thumbprint");
}

TEST_F(TokenChangesTest, AnActorIsInTheTokens) {
  Grant grant{"app", "user-1", {"api"}, "", kStart};
  grant.actor = {{"sub", "service"}};
  const GrantId id = world_.tokens.open(grant);
  const auto reply = issue_tokens(world_, {id, grant, grant.scopes, "", kStart}, {});
  EXPECT_EQ(claims_of(reply, "access_token").at("act"), (oidc::Json{{"sub", "service"}}));
}

}  // namespace
}  // namespace mockserver::test
