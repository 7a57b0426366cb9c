#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class JwtBearerTest : public IssuerTest {
 protected:
  void SetUp() override {
    start({{"trusted_issuers", {{{"issuer", "https://partner.test"}, {"jwks", {{"keys", {partner_.public_jwk()}}}}}}}});
  }
  oidc::Json claims(const oidc::Json& patch = oidc::Json::object()) {
    const auto now = oidc::epoch_seconds(clock_.now()).count();
    oidc::Json claims = {{"iss", "https://partner.test"},
                         {"sub", "guest-7"},
                         {"aud", kBase + "/token"},
                         {"iat", now},
                         {"exp", now + 300},
                         {"jti", "jti-" + std::to_string(++made_)}};
    claims.merge_patch(patch);
    return claims;
  }
  Reply grant(const std::string& assertion, const oidc::Form& more = {}) {
    oidc::Form form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}};
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return post("/token", form, {{"Authorization", basic("service", kSecret)}});
  }
  static void expect_invalid_grant(const Reply& reply) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), "invalid_grant") << reply.response.body;
  }

  AssertionMaker partner_{"EdDSA"};
  int made_ = 0;
};

TEST_F(JwtBearerTest, ATrustedIssuersAssertionIsAGrantForItsSubject) {
  const auto reply = grant(partner_.make(claims()), {{"scope", "api"}});
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  const auto access = claims_of(body_of(reply), "access_token");
  EXPECT_EQ(access.at("sub"), "guest-7");
  EXPECT_EQ(access.at("client_id"), "service");
  EXPECT_EQ(access.at("scope"), "api");
}

TEST_F(JwtBearerTest, ItsParametersReachTheClaimTemplates) {
  oidc::Json overlay = {{"claims", {{"access", {{"tenant", "{{request.tenant}}"}}}}}};
  overlay["trusted_issuers"] = {{{"issuer", "https://partner.test"}, {"jwks", {{"keys", {partner_.public_jwk()}}}}}};
  start(overlay);
  const auto reply = grant(partner_.make(claims()), {{"tenant", "one"}});
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("tenant"), "one") << reply.response.body;
}

TEST_F(JwtBearerTest, TheIssuerIsAnAudienceToo) {
  EXPECT_EQ(grant(partner_.make(claims({{"aud", kBase}}))).response.status, 200);
}

struct BadAssertion {
  const char* name;
  oidc::Json patch;
};
class BadGrantTest : public JwtBearerTest, public testing::WithParamInterface<BadAssertion> {};

TEST_P(BadGrantTest, IsAnInvalidGrant) {
  expect_invalid_grant(grant(partner_.make(claims(GetParam().patch))));
}
constexpr std::int64_t kNow = 1'893'456'000;  // kStart
INSTANTIATE_TEST_SUITE_P(
    Rfc7523Section3, BadGrantTest,
    testing::Values(BadAssertion{"AnotherIssuer", {{"iss", "https://stranger.test"}}},
                    BadAssertion{"NoIssuer", {{"iss", nullptr}}}, BadAssertion{"NoSubject", {{"sub", nullptr}}},
                    BadAssertion{"AnotherAudience", {{"aud", "https://other.test"}}},
                    BadAssertion{"NoAudience", {{"aud", nullptr}}}, BadAssertion{"NoExpiry", {{"exp", nullptr}}},
                    BadAssertion{"Expired", {{"exp", kNow}}}, BadAssertion{"LivesTooLong", {{"exp", kNow + 3601}}},
                    BadAssertion{"NotYetValid", {{"nbf", kNow + 61}}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(JwtBearerTest, WhatIsNoJwtOfTheIssuersKeysIsAnInvalidGrant) {
  expect_invalid_grant(grant("a.b.c"));
  expect_invalid_grant(grant(AssertionMaker{"EdDSA"}.make(claims())));
  expect_invalid_grant(grant(partner_.make(claims(), {{"alg", "none"}})));
  EXPECT_EQ(error_of(grant("")), "invalid_request");
}

TEST_F(JwtBearerTest, AJtiIsGoodOnce) {
  const std::string assertion = partner_.make(claims());
  EXPECT_EQ(grant(assertion).response.status, 200);
  expect_invalid_grant(grant(assertion));
  const std::string without = partner_.make(claims({{"jti", nullptr}}));
  EXPECT_EQ(grant(without).response.status, 200);
  EXPECT_EQ(grant(without).response.status, 200) << "the jti is optional";
}

TEST_F(JwtBearerTest, AClientsOwnKeySpeaksForItAndForKnownUsers) {
  const AssertionMaker own{"RS256"};
  const auto ask = [&](const std::string& sub) {
    oidc::Json proof = claims({{"iss", "service-jwt"}, {"sub", "service-jwt"}});
    return post("/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                           {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                           {"client_assertion", own.make(proof)},
                           {"assertion", own.make(claims({{"iss", "service-jwt"}, {"sub", sub}}))}});
  };
  EXPECT_EQ(claims_of(body_of(ask("service-jwt")), "access_token").at("sub"), "service-jwt");
  EXPECT_EQ(claims_of(body_of(ask("user-1")), "access_token").at("sub"), "user-1");
  expect_invalid_grant(ask("nobody"));
}

TEST_F(JwtBearerTest, AWrongScopeOrTargetUsesNothingUp) {
  const std::string assertion = partner_.make(claims());
  EXPECT_EQ(error_of(grant(assertion, {{"scope", "admin"}})), "invalid_scope");
  EXPECT_EQ(error_of(grant(assertion, {{"resource", "https://x.test"}})), "invalid_target");
  EXPECT_EQ(grant(assertion).response.status, 200);
}

TEST_F(JwtBearerTest, TheAssertionIsNowhereInTheJournal) {
  const std::string assertion = partner_.make(claims());
  grant(assertion);
  EXPECT_EQ(issuer_->journal().exchanges().back().form.encode().find(assertion), std::string::npos);
}

TEST_F(JwtBearerTest, AClientThatSpeaksForItselfIsNoUser) {
  const AssertionMaker own{"RS256"};
  start({{"clients", {{{"id", "self"}, {"auth", "private_key_jwt"}, {"jwks", {{"keys", {own.public_jwk()}}}}}}}});
  const auto assertion = [&] { return own.make(claims({{"iss", "self"}, {"sub", "self"}})); };
  const auto reply =
      post("/token", {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                      {"assertion", assertion()},
                      {"scope", "openid offline_access api"},
                      {"client_assertion", assertion()},
                      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}});
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(body_of(reply).at("scope"), "api");
  EXPECT_FALSE(body_of(reply).contains("id_token"));
  EXPECT_FALSE(body_of(reply).contains("refresh_token"));
}

}  // namespace
}  // namespace mockserver::test
