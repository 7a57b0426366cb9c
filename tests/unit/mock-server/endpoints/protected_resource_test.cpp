// The stub resource server.

#include "../dpop_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ProtectedResourceTest : public IssuerTest {
 protected:
  Reply show(const std::string& path, const std::string& token) {
    return get("/resource" + path, {{"Authorization", "Bearer " + token}});
  }
  std::string challenge(const Reply& reply) { return header_of(reply, "WWW-Authenticate"); }
};

TEST_F(ProtectedResourceTest, ALiveTokenIsAnsweredWithWhoseItIs) {
  const auto reply = show("/orders/7", login().at("access_token"));
  EXPECT_EQ(reply.response.status, 200);
  const auto body = body_of(reply);
  EXPECT_EQ(body.at("sub"), "user-1");
  EXPECT_EQ(body.at("client_id"), "app");
  EXPECT_EQ(body.at("scope"), "openid offline_access api");
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
}

TEST_F(ProtectedResourceTest, NoTokenIsABareChallenge) {
  const auto reply = get("/resource");
  EXPECT_EQ(reply.response.status, 401);
  EXPECT_EQ(challenge(reply), "Bearer realm=\"" + kBase + "\"");
}

TEST_F(ProtectedResourceTest, ExpiredRevokedForgedAndUnknownTokensAreInvalid) {
  const std::string expired = login().at("access_token");
  (void)issuer_->expire(expired);
  const std::string revoked = login().at("access_token");
  (void)issuer_->revoke(revoked);
  const std::string forged = issuer_->mint_token({.sign = "unpublished"}).value();
  const std::pair<std::string, const char*> cases[] = {
      {expired, "has expired"}, {revoked, "was revoked"}, {forged, "is unknown"}, {"unknown", "is unknown"}};
  for (const auto& [token, why] : cases) {
    const auto reply = show("", token);
    EXPECT_EQ(reply.response.status, 401);
    EXPECT_THAT(challenge(reply),
                testing::AllOf(testing::HasSubstr("error=\"invalid_token\""), testing::HasSubstr(why)));
  }
}

TEST_F(ProtectedResourceTest, EveryScopeIsNeededAndTheChallengeNamesThem) {
  start({{"resources", {{{"path", "/orders"}, {"scopes", {"api", "profile"}}}}}});
  const auto reply = show("/orders", login("api").at("access_token"));
  EXPECT_EQ(reply.response.status, 403);
  EXPECT_THAT(challenge(reply), testing::HasSubstr("error=\"insufficient_scope\""));
  EXPECT_THAT(challenge(reply), testing::HasSubstr("scope=\"api profile\""));
  EXPECT_EQ(show("/orders", login("profile api").at("access_token")).response.status, 200);
}

TEST_F(ProtectedResourceTest, TheAudienceMustBeAmongTheTokens) {
  start(
      {{"audience", {"https://one.test", "https://two.test"}},
       {"resources",
        {{{"path", "/two"}, {"audience", "https://two.test"}}, {{"path", "/three"}, {"audience", "https://3.test"}}}}});
  const std::string token = login().at("access_token");
  EXPECT_EQ(show("/two", token).response.status, 200);
  const auto reply = show("/three", token);
  EXPECT_EQ(reply.response.status, 401);
  EXPECT_THAT(challenge(reply), testing::HasSubstr("error=\"invalid_token\""));
}

TEST_F(ProtectedResourceTest, TheLongestPathCountsByWholeSegments) {
  start({{"resources", {{{"path", "/"}}, {{"path", "/orders"}, {"scopes", {"api"}}}}}});
  const std::string token = login("openid").at("access_token");
  EXPECT_EQ(show("/orders/1", token).response.status, 403);
  EXPECT_EQ(show("/ordersandmore", token).response.status, 200);
  EXPECT_EQ(body_of(show("/ordersandmore", token)).at("resource"), "/");
}

TEST_F(ProtectedResourceTest, OtherPathsAreNotFound) {
  start({{"resources", {{{"path", "/orders"}}}}});
  EXPECT_EQ(show("/other", login().at("access_token")).response.status, 404);
  start({{"resources", oidc::Json::array()}});
  EXPECT_EQ(show("", "x").response.status, 404);
  EXPECT_EQ(issuer_->verdict().at("unmatched_requests").size(), 1U) << "the endpoint is not there";
}

TEST_F(ProtectedResourceTest, AnyMethodOfAnApiWillDo) {
  const std::string token = login().at("access_token");
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const auto reply =
        send(method, "/resource/1", {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
             R"({"any":"thing"})");
    EXPECT_EQ(reply.response.status, 200) << method;
  }
}

TEST_F(ProtectedResourceTest, AMintedTokenHasTheScopesAndTheAudienceThatItSays) {
  start({{"resources", {{{"path", "/"}, {"scopes", {"api"}}, {"audience", "https://api.test"}}}}});
  const auto minted = [&](const oidc::Json& claims) { return issuer_->mint_token({.claims = claims}).value(); };
  EXPECT_EQ(show("", minted(oidc::Json::object())).response.status, 200);
  EXPECT_EQ(show("", minted({{"scope", "openid"}})).response.status, 403);
  EXPECT_EQ(show("", minted({{"aud", "https://other.test"}})).response.status, 401);
}

TEST_F(ProtectedResourceTest, AStepIsTakenAlsoByABadToken) {
  script({{"when", {{"client", "app"}}}, {"do", {{"status", 503}}}});
  const std::string token = issuer_->mint_token({}).value();
  (void)issuer_->expire(token);
  EXPECT_EQ(show("", token).response.status, 503);
  EXPECT_EQ(show("", token).response.status, 401);
}

TEST_F(ProtectedResourceTest, WhoCameByTheSchemeDpopIsChallengedByIt) {
  start({{"resources", {{{"path", "/orders"}, {"scopes", {"profile"}}}}}});
  DpopMaker maker;
  const auto reply = post(
      "/token", {{"grant_type", "client_credentials"}, {"scope", "api"}},
      {{"Authorization", basic("service", kSecret)}, {"DPoP", maker.proof("POST", kBase + "/token", clock_.now())}});
  const std::string token = body_of(reply).at("access_token");
  const std::string url = kBase + "/resource/orders";
  const auto refused =
      get("/resource/orders", {{"Authorization", "DPoP " + token},
                               {"DPoP", maker.proof("GET", url, clock_.now(), {{"ath", DpopMaker::ath(token)}})}});
  EXPECT_EQ(refused.response.status, 403);
  EXPECT_THAT(challenge(refused), testing::StartsWith("DPoP "));
  EXPECT_THAT(challenge(refused), testing::HasSubstr("error=\"insufficient_scope\""));
  EXPECT_THAT(challenge(refused), testing::HasSubstr("scope=\"profile\""));
}

}  // namespace
}  // namespace mockserver::test
