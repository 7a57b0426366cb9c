#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class DiscoveryTest : public IssuerTest {
 protected:
  oidc::Json metadata() { return body_of(get("/.well-known/openid-configuration")); }
};

TEST_F(DiscoveryTest, IssuerIsTheBaseUrlToTheByte) {
  EXPECT_EQ(metadata().at("issuer"), kBase);
  EXPECT_EQ(claims_of(login(), "id_token").at("iss"), kBase);
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("iss"), kBase);
}

TEST_F(DiscoveryTest, AnswersInEveryWellKnownForm) {
  for (const char* url : {"https://issuer.test/alpha/.well-known/openid-configuration",
                          "https://issuer.test/alpha/.well-known/oauth-authorization-server",
                          "https://issuer.test/.well-known/oauth-authorization-server/alpha",
                          "https://issuer.test/.well-known/openid-configuration/alpha"}) {
    const auto reply = issuer_->handle({"GET", url, {}, ""});
    EXPECT_EQ(reply.response.status, 200) << url;
    EXPECT_EQ(body_of(reply), metadata()) << url;
  }
}

TEST_F(DiscoveryTest, EveryEndpointItNamesExists) {
  const auto document = metadata();
  for (const auto& [name, value] : document.items()) {
    if (name.ends_with("_endpoint") || name == "jwks_uri") {
      EXPECT_NE(issuer_->handle({"GET", value, {}, ""}).response.status, 404) << name;
    }
  }
}

TEST_F(DiscoveryTest, EveryGrantItNamesIsKnownToTheTokenEndpoint) {
  const auto document = metadata();
  for (const auto& grant : document.at("grant_types_supported")) {
    const auto reply =
        post("/token", {{"grant_type", grant.get<std::string>()}}, {{"Authorization", basic("service", kSecret)}});
    EXPECT_NE(error_of(reply), "unsupported_grant_type") << grant;
  }
}

TEST_F(DiscoveryTest, SaysWhatItDoesNotDoWhereTheDefaultWouldPromiseIt) {
  EXPECT_EQ(metadata().at("request_uri_parameter_supported"), false);
  EXPECT_EQ(metadata().at("response_types_supported"), oidc::Json::array({"code"}));
  EXPECT_EQ(metadata().at("code_challenge_methods_supported"), oidc::Json::array({"S256"}));
}

TEST_F(DiscoveryTest, NamesTheAlgorithmThatSigns) {
  start({{"signing_alg", "ES256"}});
  EXPECT_EQ(metadata().at("id_token_signing_alg_values_supported"), oidc::Json::array({"ES256"}));
  EXPECT_EQ(jwt_part(login().at("id_token"), 0).at("alg"), "ES256");
}

TEST_F(DiscoveryTest, AGrantThatCannotBeginIsNotNamed) {
  start({{"endpoints", {{"device_authorization", false}, {"authorize", false}}}});
  const auto grants = metadata().at("grant_types_supported");
  EXPECT_THAT(grants, testing::Not(testing::Contains(kDeviceGrant)));
  EXPECT_THAT(grants, testing::Not(testing::Contains("authorization_code")));
  EXPECT_THAT(grants, testing::Contains("client_credentials"));
  EXPECT_EQ(metadata().at("response_types_supported"), oidc::Json::array()) << "required (RFC 8414 section 2)";
}

}  // namespace
}  // namespace mockserver::test
