// The traps that other mock servers fall into, "Client authentication": a test for each, named after it.

#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ClientAuthentication : public IssuerTest {
 protected:
  Reply ask(const oidc::Form& more, const oidc::Headers& headers = {}) {
    oidc::Form form{{"grant_type", "client_credentials"}};
    for (const auto& [name, value] : more) {
      form.add(name, value);
    }
    return post("/token", form, headers);
  }
  Reply ask_with(const std::string& assertion) {
    return ask({{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                {"client_assertion", assertion}});
  }
  oidc::Json claims(const oidc::Json& patch = oidc::Json::object()) {
    oidc::Json claims = {{"iss", "service-jwt"},
                         {"sub", "service-jwt"},
                         {"aud", kBase + "/token"},
                         {"exp", oidc::epoch_seconds(clock_.now()).count() + 60},
                         {"jti", "jti-" + std::to_string(++made_)}};
    claims.merge_patch(patch);
    return claims;
  }
  const AssertionMaker maker_{"RS256"};
  int made_ = 0;
};

TEST_F(ClientAuthentication, BasicIsSplitAtTheFirstColonAndBothHalvesAreFormDecoded) {
  start({{"clients", {{{"id", "a b"}, {"auth", "client_secret_basic"}, {"secret", "p+q:r s%"}}}}});
  const auto header = [](const std::string& pair) {
    return oidc::Headers{{"Authorization", "Basic " + oidc::base64_encode(pair)}};
  };
  EXPECT_EQ(ask({}, header("a+b:p%2Bq%3Ar+s%25")).response.status, 200);
  EXPECT_EQ(ask({}, header("a%20b:p%2Bq:r%20s%25")).response.status, 200) << "the second colon is the secret's";
  EXPECT_EQ(error_of(ask({}, header("a+b:p+q%3Ar+s%25"))), "invalid_client") << "a plus is a blank";
}

TEST_F(ClientAuthentication, AdvertisedMethodsEqualAcceptedOnes) {
  const auto metadata = body_of(get("/.well-known/openid-configuration"));
  const oidc::Json accepted = {"none", "client_secret_basic", "client_secret_post", "client_secret_jwt",
                               "private_key_jwt"};
  EXPECT_EQ(metadata.at("token_endpoint_auth_methods_supported"), accepted);
  EXPECT_EQ(redeem(code()).response.status, 200);  // none
  EXPECT_EQ(service_token().response.status, 200);
  EXPECT_EQ(ask({{"client_id", "service-post"}, {"client_secret", kSecret}}).response.status, 200);
  EXPECT_EQ(ask_with(maker_.make(claims())).response.status, 200);  // client_secret_jwt: secret_jwt_test.cpp
}

TEST_F(ClientAuthentication, PrivateKeyJwtNeedsAudienceExpiryAndAFreshJti) {
  EXPECT_EQ(ask_with(maker_.make(claims({{"aud", kBase}}))).response.status, 200);
  EXPECT_EQ(ask_with(maker_.make(claims({{"aud", kBase + "/token"}}))).response.status, 200);
  EXPECT_EQ(error_of(ask_with(maker_.make(claims({{"aud", "https://other.test"}})))), "invalid_client");
  EXPECT_EQ(error_of(ask_with(maker_.make(claims({{"exp", nullptr}})))), "invalid_client");
  const std::string once = maker_.make(claims());
  EXPECT_EQ(ask_with(once).response.status, 200);
  EXPECT_EQ(error_of(ask_with(once)), "invalid_client");
}

TEST_F(ClientAuthentication, PrivateKeyJwtMayBeForATokenEndpointWithAQuery) {
  const auto ask_at = [&](const std::string& path, const std::string& aud) {
    return post(path, {{"grant_type", "client_credentials"},
                       {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                       {"client_assertion", maker_.make(claims({{"aud", aud}}))}});
  };
  EXPECT_EQ(ask_at("/token?tenant=one", kBase + "/token?tenant=one").response.status, 200);
  EXPECT_EQ(ask_at("/token?tenant=one", kBase + "/token").response.status, 200);
  EXPECT_EQ(error_of(ask_at("/token?tenant=one", kBase + "/token?tenant=two")), "invalid_client");
}

// RFC 6749 sections 3.1 and 3.2: a parameter without a value is an omitted one.
TEST_F(ClientAuthentication, AnEmptySecretIsAMissingSecretAndAPublicClientMaySendIt) {
  EXPECT_EQ(error_of(ask({{"client_id", "service-post"}, {"client_secret", ""}})), "invalid_client");
  EXPECT_EQ(error_of(ask({{"client_id", "service-post"}})), "invalid_client");
  EXPECT_EQ(error_of(ask({}, {{"Authorization", basic("service", "")}})), "invalid_client");
  auto form = redemption(code());
  form.add("client_secret", "");
  form.add("client_assertion", "");
  EXPECT_EQ(post("/token", form).response.status, 200);
}

}  // namespace
}  // namespace mockserver::test
