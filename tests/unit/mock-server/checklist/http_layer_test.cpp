// The lines "HTTP layer" of the checklist of protocol traps, one test each.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using testing::HasSubstr;
using ChecklistHttp = IssuerTest;

TEST_F(ChecklistHttp, RepliesOfTokenAndLikeEndpointsAreNotStoredAlsoErrors) {
  for (const char* path : {"/token", "/introspect", "/revoke", "/device_authorization"}) {
    const auto refused = post(path, {{"nothing", "useful"}});
    EXPECT_GE(refused.response.status, 400) << path;
    EXPECT_EQ(header_of(refused, "Cache-Control"), "no-store") << path;
    EXPECT_EQ(header_of(refused, "Pragma"), "no-cache") << path;
  }
  EXPECT_EQ(header_of(service_token(), "Cache-Control"), "no-store");
  const oidc::Json device_form = device();
  EXPECT_EQ(header_of(poll(device_form), "Cache-Control"), "no-store");
}

TEST_F(ChecklistHttp, WrongMethodIs405WithAllow) {
  const auto reply = get("/token");
  EXPECT_EQ(reply.response.status, 405);
  EXPECT_THAT(header_of(reply, "Allow"), HasSubstr("POST"));
}

TEST_F(ChecklistHttp, HeadWorksOnDiscoveryAndJwks) {
  for (const char* path : {"/.well-known/openid-configuration", "/jwks"}) {
    const auto head = send("HEAD", path);
    EXPECT_EQ(head.response.status, 200);
    EXPECT_EQ(header_of(head, "Content-Length"), std::to_string(get(path).response.body.size()));
    EXPECT_EQ(head.response.body, "");
  }
}

TEST_F(ChecklistHttp, CorsPreflightAllowsAuthorizationAndDpop) {
  const auto reply = send("OPTIONS", "/token", {{"Origin", "https://spa.test"}});
  EXPECT_EQ(reply.response.status, 204);
  EXPECT_THAT(header_of(reply, "Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  EXPECT_THAT(header_of(reply, "Access-Control-Allow-Headers"), HasSubstr("DPoP"));
}

// Fetch section 4.8: what a preflight doesn't allow, the script never gets to see.
TEST_F(ChecklistHttp, CorsPreflightAllowsWhatItAsksFor) {
  const oidc::Headers asked{{"Origin", "https://spa.test"},
                            {"Access-Control-Request-Method", "PATCH"},
                            {"Access-Control-Request-Headers", "traceparent,x-client-version"}};
  const auto reply = send("OPTIONS", "/token", asked);
  EXPECT_EQ(reply.response.status, 204);
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Headers"), "traceparent,x-client-version");
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Methods"), "POST, PATCH");
  EXPECT_EQ(send("PATCH", "/token", {{"Origin", "https://spa.test"}}).response.status, 405) << "told by the endpoint";
  start({{"cors", {"https://other.test"}}});
  EXPECT_EQ(header_of(send("OPTIONS", "/token", asked), "Access-Control-Allow-Origin"), "(absent)");
}

TEST_F(ChecklistHttp, CorsPreflightSaysNothingBackThatIsNoFieldName) {
  const auto reply = send("OPTIONS", "/token",
                          {{"Origin", "https://spa.test"},
                           {"Access-Control-Request-Method", "P<>ST"},
                           {"Access-Control-Request-Headers", "x\r\nSet-Cookie: a=b"}});
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Headers"), "Authorization, Content-Type, DPoP");
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Methods"), "POST");
}

TEST_F(ChecklistHttp, CorsIsOnErrorRepliesAndExposesWhatClientsNeed) {
  const oidc::Headers origin = {{"Origin", "https://spa.test"}};
  for (const auto& reply : {send("POST", "/token", origin), send("GET", "/userinfo", origin),
                            send("GET", "/token", origin), send("GET", "/nowhere", origin)}) {
    EXPECT_GE(reply.response.status, 400);
    EXPECT_EQ(header_of(reply, "Access-Control-Allow-Origin"), "*") << reply.response.status;
    for (const char* field : {"WWW-Authenticate", "DPoP-Nonce", "Retry-After"}) {
      EXPECT_THAT(header_of(reply, "Access-Control-Expose-Headers"), HasSubstr(field));
    }
  }
}

TEST_F(ChecklistHttp, CorsNeverSaysStarTogetherWithCredentials) {
  EXPECT_EQ(header_of(get("/jwks", {{"Origin", "https://spa.test"}}), "Access-Control-Allow-Credentials"), "(absent)");
  start({{"cors", {"https://spa.test"}}});
  const auto ours = get("/jwks", {{"Origin", "https://spa.test"}});
  EXPECT_EQ(header_of(ours, "Access-Control-Allow-Origin"), "https://spa.test");
  EXPECT_EQ(header_of(ours, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(header_of(ours, "Vary"), "Origin");
  const auto others = get("/jwks", {{"Origin", "https://other.test"}});
  EXPECT_EQ(header_of(others, "Access-Control-Allow-Origin"), "(absent)");
  EXPECT_EQ(header_of(others, "Vary"), "Origin");
}

TEST_F(ChecklistHttp, CorsMayBeOff) {
  start({{"cors", false}});
  EXPECT_EQ(header_of(get("/jwks", {{"Origin", "https://spa.test"}}), "Access-Control-Allow-Origin"), "(absent)");
  EXPECT_EQ(send("OPTIONS", "/token", {{"Origin", "https://spa.test"}}).response.status, 405);
}

// RFC 6749 section 3.2: the endpoint's URL may have a query, and what belongs in the body is not read from it.
TEST_F(ChecklistHttp, ParametersInTheQueryAreNotReadAndTwiceIsInvalidRequest) {
  const auto in_query = send("POST", "/token?grant_type=client_credentials",
                             {{"Content-Type", "application/x-www-form-urlencoded"}}, "client_id=app");
  EXPECT_EQ(in_query.response.status, 400);
  EXPECT_EQ(error_of(in_query), "invalid_request") << "there is no grant_type";
  EXPECT_EQ(error_of(service_token({{"scope", "api"}, {"scope", "profile"}})), "invalid_request");
}

TEST_F(ChecklistHttp, AJsonBodyIsInvalidRequest) {
  const auto reply =
      send("POST", "/token", {{"Content-Type", "application/json"}}, R"({"grant_type": "client_credentials"})");
  EXPECT_EQ(reply.response.status, 400);
  EXPECT_EQ(error_of(reply), "invalid_request");
}

TEST_F(ChecklistHttp, AMissingGrantTypeIs400InJson) {
  const auto reply = post("/token", {{"client_id", "app"}});
  EXPECT_EQ(reply.response.status, 400);
  EXPECT_EQ(error_of(reply), "invalid_request");
}

TEST_F(ChecklistHttp, OneReplyForEachRequestAndAFailedOneEatsNoStep) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  auto wrong = redemption(code());
  wrong.set("grant_type", "");
  EXPECT_EQ(post("/token", wrong).response.status, 400);
  EXPECT_EQ(service_token().response.status, 503);
  EXPECT_EQ(issuer_->journal().count("token"), 2U);
}

TEST_F(ChecklistHttp, TheCaseOfErrorTextIsKept) {
  EXPECT_THAT(header_of(get("/userinfo", {{"Authorization", "Bearer Unknown"}}), "WWW-Authenticate"),
              HasSubstr("error=\"invalid_token\""));
  script({{"do", {{"error", {{"code", "invalid_grant"}, {"description", "Token Has EXPIRED"}}}}}});
  EXPECT_EQ(body_of(service_token()).at("error_description"), "Token Has EXPIRED");
}

TEST_F(ChecklistHttp, JsonIsSaidToBeJson) {
  for (const auto& reply :
       {service_token(), get("/jwks"), get("/.well-known/openid-configuration"), post("/token", {})}) {
    EXPECT_THAT(header_of(reply, "Content-Type"), testing::StartsWith("application/json"));
  }
}

}  // namespace
}  // namespace mockserver::test
