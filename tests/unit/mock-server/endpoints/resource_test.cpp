// What is done with tokens: userinfo, introspection, revocation.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

const std::string kBareChallenge = "Bearer realm=\"" + kBase + "\"";

using UserinfoTest = IssuerTest;

TEST_F(UserinfoTest, AnswersGetAndPostWithTheClaims) {
  const std::string token = login("openid email").at("access_token");
  const auto reply = userinfo(token);
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(body_of(reply).at("sub"), "user-1");
  EXPECT_EQ(body_of(reply).at("email"), "user-1@example.test");
  EXPECT_EQ(post("/userinfo", {{"access_token", token}}).response.status, 200);
}

TEST_F(UserinfoTest, NoTokenIsABareChallenge) {
  const auto reply = get("/userinfo");
  EXPECT_EQ(reply.response.status, 401);
  EXPECT_EQ(header_of(reply, "WWW-Authenticate"), kBareChallenge);
}

TEST_F(UserinfoTest, BadTokenIsInvalidToken) {
  const auto reply = userinfo("unknown");
  EXPECT_EQ(reply.response.status, 401);
  EXPECT_THAT(header_of(reply, "WWW-Authenticate"), testing::StartsWith(kBareChallenge + ", error=\"invalid_token\""));
}

TEST_F(UserinfoTest, TokenIsGoodUntilItsExp) {
  const std::string token = login().at("access_token");
  clock_.advance(1h - 1ms);
  EXPECT_EQ(userinfo(token).response.status, 200);
  clock_.advance(1ms);
  EXPECT_EQ(userinfo(token).response.status, 401);
}

TEST_F(UserinfoTest, WithoutOpenidTheScopeIsInsufficient) {
  const auto reply = userinfo(login("api").at("access_token"));
  EXPECT_EQ(reply.response.status, 403);
  EXPECT_THAT(header_of(reply, "WWW-Authenticate"), testing::HasSubstr("error=\"insufficient_scope\""));
  EXPECT_THAT(header_of(reply, "WWW-Authenticate"), testing::HasSubstr("scope=\"openid\""));
}

TEST_F(UserinfoTest, TwoTokensOrOneInTheQueryAreInvalidRequest) {
  const std::string token = login().at("access_token");
  EXPECT_EQ(post("/userinfo", {{"access_token", token}}, {{"Authorization", "Bearer " + token}}).response.status, 400);
  EXPECT_EQ(get("/userinfo?access_token=" + token).response.status, 400);
  EXPECT_EQ(get("/userinfo", {{"Authorization", "Bearer " + token}, {"Authorization", "Bearer x"}}).response.status,
            400);
}

TEST_F(UserinfoTest, AStepCanTellWhoseTokenItIsAlsoOnceItIsExpired) {
  script({{"when", {{"endpoint", "userinfo"}, {"client", "app"}}}, {"do", {{"status", 503}}}});
  const std::string token = login().at("access_token");
  clock_.advance(2h);
  EXPECT_EQ(get("/userinfo").response.status, 401);
  EXPECT_EQ(userinfo(token).response.status, 503);
}

class IntrospectionTest : public IssuerTest {};

TEST_F(IntrospectionTest, TellsWhatTheTokenIs) {
  const auto claims = introspect(login().at("access_token"));
  EXPECT_EQ(claims.at("active"), true);
  EXPECT_EQ(claims.at("client_id"), "app");
  EXPECT_EQ(claims.at("sub"), "user-1");
  EXPECT_EQ(claims.at("scope"), "openid offline_access api");
  EXPECT_EQ(claims.at("exp"), oidc::epoch_seconds(kStart + 1h).count());
  EXPECT_EQ(claims.at("aud"), "https://api.test");
}

TEST_F(IntrospectionTest, InactiveIsOneWordOnly) {
  const oidc::Json inactive = {{"active", false}};
  const std::string token = login().at("access_token");
  EXPECT_EQ(introspect("unknown"), inactive);
  clock_.advance(1h);
  EXPECT_EQ(introspect(token), inactive);
}

TEST_F(IntrospectionTest, NeedsAClient) {
  EXPECT_EQ(post("/introspect", {{"token", "x"}}).response.status, 400);
  EXPECT_EQ(error_of(post("/introspect", {{"token", "x"}})), "invalid_client");
  const auto wrong = post("/introspect", {{"token", "x"}}, {{"Authorization", basic("service", "no")}});
  EXPECT_EQ(wrong.response.status, 401);
  EXPECT_TRUE(wrong.response.headers.contains("WWW-Authenticate"));
  EXPECT_EQ(error_of(post("/introspect", {{"client_id", "app"}})), "invalid_request");
}

TEST_F(IntrospectionTest, APublicClientLearnsAboutItsOwnTokensOnly) {
  const auto ask = [&](const oidc::Json& token) {
    return body_of(post("/introspect", {{"client_id", "app"}, {"token", token}})).at("active");
  };
  EXPECT_EQ(ask(login().at("access_token")), true);
  EXPECT_EQ(ask(body_of(service_token()).at("access_token")), false);
  const auto session = issuer_->mint_session({.client = "service", .issued_at = kStart}).value();
  EXPECT_EQ(introspect(session.at("refresh_token")).at("active"), true);
  EXPECT_EQ(ask(session.at("refresh_token")), false);
}

TEST_F(IntrospectionTest, RefreshTokensAreKnownWhateverTheHint) {
  const auto tokens = login();
  const auto claims =
      body_of(post("/introspect", {{"token", tokens.at("refresh_token")}, {"token_type_hint", "access_token"}},
                   {{"Authorization", basic("service", kSecret)}}));
  EXPECT_EQ(claims.at("active"), true);
  EXPECT_FALSE(claims.contains("exp"));
}

class RevocationTest : public IssuerTest {
 protected:
  Reply revoke(const oidc::Json& token) { return post("/revoke", {{"client_id", "app"}, {"token", token}}); }
};

TEST_F(RevocationTest, UnknownTokenIs200) {
  EXPECT_EQ(revoke("unknown").response.status, 200);
}

TEST_F(RevocationTest, AccessTokenGoesAlone) {
  const auto tokens = login();
  EXPECT_EQ(revoke(tokens.at("access_token")).response.status, 200);
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(RevocationTest, RefreshTokenTakesItsFamilyAlong) {
  const auto tokens = login();
  EXPECT_EQ(revoke(tokens.at("refresh_token")).response.status, 200);
  EXPECT_FALSE(active(tokens.at("access_token")));
  EXPECT_EQ(error_of(refresh(tokens)), "invalid_grant");
}

TEST_F(RevocationTest, ForeignTokenStaysAlive) {
  const auto token = body_of(service_token()).at("access_token");
  EXPECT_EQ(error_of(revoke(token)), "invalid_grant");
  EXPECT_TRUE(active(token));
}

TEST_F(RevocationTest, NeedsAClient) {
  EXPECT_EQ(error_of(post("/revoke", {{"token", "x"}})), "invalid_client");
}

}  // namespace
}  // namespace mockserver::test
