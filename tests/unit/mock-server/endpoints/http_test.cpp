// What holds at every endpoint: methods, caching, CORS, routing.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using HttpRulesTest = IssuerTest;

struct EndpointCase {
  const char* name;
  const char* path;
  const char* wrong_method;
  const char* allow;
};

class WrongMethodTest : public IssuerTest, public testing::WithParamInterface<EndpointCase> {};

TEST_P(WrongMethodTest, Is405AndAllowNamesTheRightOnes) {
  const auto reply = send(GetParam().wrong_method, GetParam().path);
  EXPECT_EQ(reply.response.status, 405);
  EXPECT_EQ(header_of(reply, "Allow"), GetParam().allow);
}

constexpr EndpointCase kWrongMethods[] = {
    {"Discovery", "/.well-known/openid-configuration", "POST", "GET, HEAD, OPTIONS"},
    {"Jwks", "/jwks", "POST", "GET, HEAD, OPTIONS"},
    {"Authorize", "/authorize", "DELETE", "GET, POST"},
    {"AuthorizeTakesNoCrossOriginCalls", "/authorize", "OPTIONS", "GET, POST"},
    {"Token", "/token", "GET", "POST, OPTIONS"},
    {"DeviceAuthorization", "/device_authorization", "GET", "POST, OPTIONS"},
    {"Userinfo", "/userinfo", "PUT", "GET, POST, OPTIONS"},
    {"UserinfoHead", "/userinfo", "HEAD", "GET, POST, OPTIONS"},
    {"DevicePageHead", "/device", "HEAD", "GET, POST"},
    {"Introspect", "/introspect", "GET", "POST, OPTIONS"},
    {"Revoke", "/revoke", "GET", "POST, OPTIONS"},
};
INSTANTIATE_TEST_SUITE_P(Rfc9110, WrongMethodTest, testing::ValuesIn(kWrongMethods),
                         [](const auto& test) { return std::string{test.param.name}; });

class NoStoreTest : public IssuerTest, public testing::WithParamInterface<const char*> {};

TEST_P(NoStoreTest, HoldsForErrorsToo) {
  const auto reply = post(GetParam(), {{"nothing", "useful"}});
  EXPECT_GE(reply.response.status, 400);
  EXPECT_EQ(header_of(reply, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(reply, "Pragma"), "no-cache");
}
INSTANTIATE_TEST_SUITE_P(Rfc6749Section51, NoStoreTest,
                         testing::Values("/token", "/device_authorization", "/introspect", "/revoke", "/userinfo",
                                         "/authorize"),
                         [](const auto& test) { return std::string{test.param + 1}; });

TEST_F(HttpRulesTest, TokensAreNotStored) {
  EXPECT_EQ(header_of(service_token(), "Cache-Control"), "no-store");
}

TEST_F(HttpRulesTest, HeadHasTheLengthAndNoBody) {
  const auto full = get("/jwks");
  const auto head = send("HEAD", "/jwks");
  EXPECT_EQ(head.response.status, 200);
  EXPECT_EQ(head.response.body, "");
  EXPECT_EQ(header_of(head, "Content-Length"), std::to_string(full.response.body.size()));
}

TEST_F(HttpRulesTest, HeadOfAuthorizeMakesNoCodeAndEatsNoStep) {
  script({{"when", {{"endpoint", "authorize"}}}, {"do", {{"error", "access_denied"}}}});
  const auto head = send("HEAD", "/authorize?" + authorization().encode());
  EXPECT_EQ(head.response.status, 405);
  EXPECT_EQ(header_of(head, "Allow"), "GET, POST");
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error"), "access_denied");
  for (const auto& entry : issuer_->ledger().entries()) {
    EXPECT_NE(entry.kind, "code");
  }
}

TEST_F(HttpRulesTest, EveryReplyHasTheDateOfTheIssuersClock) {
  clock_.advance(90s);
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  const Reply replies[] = {get("/jwks"),    service_token(),           send("GET", "/token"),
                           get("/nowhere"), send("OPTIONS", "/token"), issuer_->handle({"GET", "not a url", {}, ""})};
  for (const auto& reply : replies) {
    EXPECT_EQ(header_of(reply, "Date"), "Tue, 01 Jan 2030 00:01:30 GMT") << reply.response.status;
    EXPECT_EQ(reply.response.headers.count("Date"), 1U);
  }
}

TEST_F(HttpRulesTest, AScriptMaySendAnotherDate) {
  script({{"do", {{"headers", {{"Date", "yesterday"}}}}}});
  EXPECT_EQ(header_of(get("/jwks"), "Date"), "yesterday");
}

TEST_F(HttpRulesTest, PreflightAllowsAuthorizationWithoutCredentials) {
  const auto reply =
      send("OPTIONS", "/token", {{"Origin", "https://spa.test"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(reply.response.status, 204);
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Methods"), "POST");
  EXPECT_THAT(header_of(reply, "Access-Control-Allow-Headers"), testing::HasSubstr("Authorization"));
  EXPECT_FALSE(reply.response.headers.contains("Access-Control-Allow-Credentials"));
}

TEST_F(HttpRulesTest, ErrorsAreReadableAcrossOrigins) {
  const auto reply = send("POST", "/token", {{"Origin", "https://spa.test"}});
  EXPECT_EQ(reply.response.status, 400);
  EXPECT_EQ(header_of(reply, "Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(header_of(reply, "Access-Control-Expose-Headers"), testing::HasSubstr("Retry-After"));
}

TEST_F(HttpRulesTest, WhereTheOriginMattersRepliesVaryWithItAlsoWithoutOne) {
  start({{"cors", oidc::Json::array({"https://spa.test"})}});
  for (const oidc::Headers& headers : {oidc::Headers{}, oidc::Headers{{"Origin", "https://spa.test"}},
                                       oidc::Headers{{"Origin", "https://evil.test"}}}) {
    EXPECT_EQ(header_of(get("/jwks", headers), "Vary"), "Origin") << "or a cache gives one's reply to the other";
    EXPECT_EQ(header_of(send("OPTIONS", "/token", headers), "Vary"), "Origin");
  }
  start(oidc::Json::object());
  EXPECT_EQ(header_of(get("/jwks", {{"Origin", "https://spa.test"}}), "Vary"), "(absent)") << "all get the same";
}

TEST_F(HttpRulesTest, PathsMatchByWholeSegments) {
  EXPECT_EQ(get("/not/jwks").response.status, 404);
  EXPECT_EQ(get("/jwksx").response.status, 404);
  EXPECT_EQ(issuer_->handle({"GET", "https://issuer.test/alphabet/jwks", {}, ""}).response.status, 404);
}

TEST_F(HttpRulesTest, AMalformedUrlIsABadRequest) {
  EXPECT_EQ(issuer_->handle({"GET", "not a url", {}, ""}).response.status, 400);
}

TEST_F(HttpRulesTest, AnIssuerMayLiveAtTheRoot) {
  Issuer root{parse_issuer_config(oidc::Json::object()).value(), "https://root.test", clock_};
  const auto reply = root.handle({"GET", "https://root.test/.well-known/openid-configuration", {}, ""});
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(body_of(reply).at("issuer"), "https://root.test");
}

}  // namespace
}  // namespace mockserver::test
