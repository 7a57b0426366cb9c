// ${issuer}, ${origin} and ${second_origin} in steps, metadata and minted tokens.

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

const std::string kSecond = "https://second.test";

class PlacesTest : public IssuerTest {
 protected:
  void SetUp() override { start({{"second_origin", kSecond}}); }
  static std::string refused(const oidc::Json& action) {
    const auto step = parse_step({{"do", action}}, 1);
    return step ? "(taken)" : step.error().message;
  }
};

TEST_F(PlacesTest, AreFilledInInEveryValueOfAStep) {
  script({{"do", {{"redirect", {{"to", "${second_origin}/steal?from=${issuer}"}, {"status", 307}}}}}});
  const auto redirect = service_token();
  EXPECT_EQ(redirect.response.status, 307);
  EXPECT_EQ(header_of(redirect, "Location"), kSecond + "/steal?from=" + kBase);
  script({{"do", {{"headers", {{"Link", "<${origin}/x>"}}}, {"patch", {{"a", {{"b", {"${origin}", 1}}}}}}}}});
  const auto changed = service_token();
  EXPECT_EQ(header_of(changed, "Link"), "<https://issuer.test/x>");
  EXPECT_EQ(body_of(changed).at("a"), (oidc::Json{{"b", {"https://issuer.test", 1}}}));
  script({{"do", {{"body", R"({"iss": "${issuer}"})"}}}});
  EXPECT_EQ(body_of(service_token()).at("iss"), kBase);
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"claims", {{"id", {{"iss", "${second_origin}"}}}}}}}});
  EXPECT_EQ(claims_of(login(), "id_token").at("iss"), kSecond);
}

TEST_F(PlacesTest, ARelativeRedirectIsSentAsItIs) {
  script({{"do", {{"redirect", {{"to", "/elsewhere"}, {"status", 308}}}}}});
  const auto reply = service_token();
  EXPECT_EQ(reply.response.status, 308);
  EXPECT_EQ(header_of(reply, "Location"), "/elsewhere");
}

TEST_F(PlacesTest, TheStepItselfStaysAsItWasWritten) {
  script({{"do", {{"redirect", "${second_origin}"}}}});
  service_token();
  EXPECT_EQ(issuer_->script().states().at(0).step.action.at("redirect"), "${second_origin}");
}

TEST_F(PlacesTest, TheIssuerIsWrittenAsItWritesItself) {
  start({{"trailing_slash", true}});
  script({{"do", {{"redirect", "${issuer}"}}}});
  EXPECT_EQ(header_of(service_token(), "Location"), kBase + "/");
}

TEST_F(PlacesTest, AreFilledInInMetadata) {
  start({{"second_origin", kSecond},
         {"metadata", {{"jwks_uri", "${second_origin}/jwks"}, {"mtls_endpoint_aliases", {{"x", {"${origin}"}}}}}}});
  const auto metadata = body_of(get("/.well-known/openid-configuration"));
  EXPECT_EQ(metadata.at("jwks_uri"), kSecond + "/jwks");
  EXPECT_EQ(metadata.at("mtls_endpoint_aliases").at("x"), oidc::Json::array({"https://issuer.test"}));
}

TEST_F(PlacesTest, FollowTheOriginThatTheIssuerFollows) {
  start({{"metadata", {{"service_documentation", "${origin}/docs"}}}});
  issuer_->follow_requests();
  const auto reply = issuer_->handle({"GET", "http://other.test/alpha/.well-known/openid-configuration", {}, ""});
  EXPECT_EQ(body_of(reply).at("service_documentation"), "http://other.test/docs");
}

TEST_F(PlacesTest, AreFilledInInMintedTokens) {
  const auto token = issuer_->mint_token(
      {.claims = {{"iss", "${second_origin}"}, {"aud", {"${issuer}/api"}}}, .header = {{"jku", "${origin}/jwks"}}});
  EXPECT_EQ(jwt_part(token.value(), 1).at("iss"), kSecond);
  EXPECT_EQ(jwt_part(token.value(), 1).at("aud"), oidc::Json::array({kBase + "/api"}));
  EXPECT_EQ(jwt_part(token.value(), 0).at("jku"), "https://issuer.test/jwks");
}

TEST_F(PlacesTest, ASecondOriginThatIsNotThereIsAnError) {
  start(oidc::Json::object());
  EXPECT_THAT(issuer_->mint_token({.claims = {{"iss", "${second_origin}"}}}).error().message,
              testing::StartsWith("/claims/iss: ${second_origin}"));
  EXPECT_THAT(parse_issuer_config({{"metadata", {{"a", {"${second_origin}"}}}}}).error().message,
              testing::StartsWith("/metadata/a/0: ${second_origin}"));
  const auto step = parse_step({{"do", {{"redirect", "${second_origin}/x"}}}}, 1).value();
  EXPECT_THAT(check_step(step, issuer_->config()).error().message,
              testing::StartsWith("/do/redirect: ${second_origin}"));
  issuer_->script().add(step);
  EXPECT_EQ(header_of(service_token(), "Location"), "${second_origin}/x");
  EXPECT_EQ(issuer_->verdict().at("undelivered_steps"), oidc::Json::array({"step-1"})) << "it was not delivered";
}

TEST_F(PlacesTest, AnUnknownPlaceholderIsAnErrorAndOtherTextIsNone) {
  EXPECT_THAT(refused({{"redirect", {{"to", "${isuer}/x"}}}}), testing::StartsWith("/do/redirect/to: ${isuer}"));
  for (const char* text : {"${jndi:ldap://x}", "$issuer", "${}", "${issuer", "{issuer}", "$ {issuer}"}) {
    EXPECT_EQ(refused({{"body", text}}), "(taken)") << text;
    script({{"do", {{"body", std::string{text} + "${origin}"}}}});
    EXPECT_EQ(service_token().response.body, std::string{text} + "https://issuer.test") << text;
  }
}

}  // namespace
}  // namespace mockserver::test
