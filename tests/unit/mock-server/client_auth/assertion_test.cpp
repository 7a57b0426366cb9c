#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ClientAssertionTest : public IssuerTest {
 protected:
  static constexpr const char* kType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /// Right claims with a jti of their own.
  oidc::Json claims() {
    const auto now = oidc::epoch_seconds(clock_.now()).count();
    return {{"iss", "service-jwt"},
            {"sub", "service-jwt"},
            {"aud", kBase + "/token"},
            {"iat", now},
            {"nbf", now},
            {"exp", now + 300},
            {"jti", "jti-" + std::to_string(++made_)}};
  }
  oidc::Json claims(const oidc::Json& patch) {
    oidc::Json patched = claims();
    patched.merge_patch(patch);
    return patched;
  }
  Reply token(const std::string& assertion, const oidc::Form& more = {}) {
    oidc::Form form{
        {"grant_type", "client_credentials"}, {"client_assertion_type", kType}, {"client_assertion", assertion}};
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return post("/token", form);
  }
  Reply ask(const std::string& path, const std::string& assertion, const std::string& token) {
    return post(path, {{"token", token}, {"client_assertion_type", kType}, {"client_assertion", assertion}});
  }

  AssertionMaker maker_{"RS256"};
  int made_ = 0;
};

TEST_F(ClientAssertionTest, ARightOneGetsATokenAndIsInTheJournalWithoutItsText) {
  const std::string assertion = maker_.make(claims());
  const auto reply = token(assertion);
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("sub"), "service-jwt");
  const auto exchange = issuer_->journal().exchanges().back();
  EXPECT_EQ(exchange.client_auth, "private_key_jwt");
  EXPECT_EQ(exchange.client, "service-jwt");
  EXPECT_EQ(exchange.form.encode().find(assertion), std::string::npos);
}

class AssertionAlgorithmTest : public ClientAssertionTest, public testing::WithParamInterface<const char*> {};

TEST_P(AssertionAlgorithmTest, RegisteredKeysOfEachAlgorithmAreTaken) {
  const AssertionMaker maker{GetParam()};
  start({{"clients",
          {{{"id", "service-jwt"},
            {"auth", "private_key_jwt"},
            {"jwks", {{"keys", {maker.public_jwk()}}}},
            {"grants", {"client_credentials"}}}}}});
  for (int i = 0; i < 20; ++i) {  // an ECDSA half starts with a zero byte once in 256
    EXPECT_EQ(token(maker.make(claims())).response.status, 200);
  }
  const AssertionMaker stranger{std::string{GetParam()} == "ES256" ? "EdDSA" : "ES256"};
  EXPECT_EQ(error_of(token(stranger.make(claims()))), "invalid_client");
  std::string broken = maker.make(claims());
  broken[broken.size() - 10] = broken[broken.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(error_of(token(broken)), "invalid_client");
}
INSTANTIATE_TEST_SUITE_P(Rfc7518, AssertionAlgorithmTest, testing::Values("RS256", "PS256", "ES256", "EdDSA"),
                         [](const auto& test) { return std::string{test.param}; });

TEST_F(ClientAssertionTest, IssuerEndpointAndTokenEndpointAreAudiences) {
  const oidc::Json several = {"https://other.test", kBase};
  for (const oidc::Json& audience : {oidc::Json(kBase), oidc::Json(kBase + "/token"), several}) {
    EXPECT_EQ(token(maker_.make(claims({{"aud", audience}}))).response.status, 200) << audience;
  }
  const std::string access = body_of(token(maker_.make(claims()))).at("access_token");
  for (const char* path : {"/introspect", "/revoke"}) {
    EXPECT_EQ(ask(path, maker_.make(claims({{"aud", kBase + path}})), access).response.status, 200) << path;
  }
}

struct BadClaims {
  const char* name;
  oidc::Json patch;
};
class BadAssertionTest : public ClientAssertionTest, public testing::WithParamInterface<BadClaims> {};

TEST_P(BadAssertionTest, IsAnInvalidClient) {
  const auto reply = token(maker_.make(claims(GetParam().patch)));
  EXPECT_EQ(reply.response.status, 400);  // 401 is for those who used the header (RFC 6749 section 5.2)
  EXPECT_EQ(error_of(reply), "invalid_client");
}

constexpr std::int64_t kNow = 1'893'456'000;  // kStart
INSTANTIATE_TEST_SUITE_P(
    Rfc7523, BadAssertionTest,
    testing::Values(BadClaims{"AnotherIssuer", {{"iss", "service"}}}, BadClaims{"NoIssuer", {{"iss", nullptr}}},
                    BadClaims{"NoSubject", {{"sub", nullptr}}}, BadClaims{"UnknownClient", {{"sub", "nobody"}}},
                    BadClaims{"ClientWithSecret", {{"sub", "service"}, {"iss", "service"}}},
                    BadClaims{"AnotherAudience", {{"aud", "https://other.test/token"}}},
                    BadClaims{"NoAudience", {{"aud", nullptr}}}, BadClaims{"NoExpiry", {{"exp", nullptr}}},
                    BadClaims{"ExpiredNow", {{"exp", kNow}}}, BadClaims{"LivesTooLong", {{"exp", kNow + 3601}}},
                    BadClaims{"ExpiryIsNoNumber", {{"exp", "soon"}}}, BadClaims{"ExpiryIsAbsurd", {{"exp", 1e300}}},
                    BadClaims{"IssuedLater", {{"iat", kNow + 61}}}, BadClaims{"NotYetValid", {{"nbf", kNow + 61}}},
                    BadClaims{"NoJti", {{"jti", nullptr}}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(ClientAssertionTest, WhatIsNoSignedJwtOfTheRightTypeIsAnInvalidClient) {
  EXPECT_EQ(error_of(token("")), "invalid_client");
  EXPECT_EQ(error_of(token("a.b.c")), "invalid_client");
  EXPECT_EQ(error_of(token("ab")), "invalid_client");
  EXPECT_EQ(error_of(token(maker_.make(claims()), {{"client_assertion_type", "jwt"}})), "invalid_client");
  EXPECT_EQ(error_of(token(maker_.make(claims(), {{"alg", "none"}}))), "invalid_client");
  EXPECT_EQ(error_of(token(maker_.make(claims(), {{"alg", "PS256"}}))), "invalid_client");
  EXPECT_EQ(error_of(token(maker_.make(claims(), {{"kid", "another"}}))), "invalid_client");
}

TEST_F(ClientAssertionTest, AnotherClientIdInTheBodyIsAnInvalidClient) {
  EXPECT_EQ(error_of(token(maker_.make(claims()), {{"client_id", "service"}})), "invalid_client");
  EXPECT_EQ(token(maker_.make(claims()), {{"client_id", "service-jwt"}}).response.status, 200);
}

TEST_F(ClientAssertionTest, ASecondMechanismIsAnInvalidRequest) {
  EXPECT_EQ(error_of(token(maker_.make(claims()), {{"client_secret", "x"}})), "invalid_request");
}

TEST_F(ClientAssertionTest, TheClientOfKeysCannotUseASecret) {
  EXPECT_EQ(
      error_of(post("/token",
                    {{"grant_type", "client_credentials"}, {"client_id", "service-jwt"}, {"client_secret", kSecret}})),
      "invalid_client");
}

TEST_F(ClientAssertionTest, AReplayIsAnInvalidClientUntilItHasExpiredAnyway) {
  const std::string assertion = maker_.make(claims());
  EXPECT_EQ(token(assertion).response.status, 200);
  EXPECT_EQ(error_of(token(assertion)), "invalid_client");
  clock_.advance(299s);
  EXPECT_EQ(error_of(token(assertion)), "invalid_client");
}

TEST_F(ClientAssertionTest, AReplayEatsNoStep) {
  const std::string assertion = maker_.make(claims());
  EXPECT_EQ(token(assertion).response.status, 200);
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  EXPECT_EQ(error_of(token(assertion)), "invalid_client");
  EXPECT_EQ(token(maker_.make(claims())).response.status, 503);
}

TEST_F(ClientAssertionTest, WhoeverWasToldToComeAgainMayComeWithTheSame) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 429}}}});
  const std::string assertion = maker_.make(claims());
  EXPECT_EQ(token(assertion).response.status, 429);
  EXPECT_EQ(token(assertion).response.status, 200);
}

TEST_F(ClientAssertionTest, TheTokenEndpointIsTheAudienceWhereverItIs) {
  start({{"endpoints", {{"token", "/oauth2/token"}}}});
  const std::string pushed = maker_.make(claims({{"aud", kBase + "/oauth2/token"}}));
  const auto reply = post("/par", {{"client_assertion_type", kType}, {"client_assertion", pushed}});
  EXPECT_EQ(error_of(reply), "invalid_request") << "authenticated, but no authorization request (RFC 9126 section 2)";
  const std::string elsewhere = maker_.make(claims({{"aud", kBase + "/token"}}));
  EXPECT_EQ(error_of(post("/par", {{"client_assertion_type", kType}, {"client_assertion", elsewhere}})),
            "invalid_client");
}

TEST_F(ClientAssertionTest, AKeyForEncryptionSignsNothing) {
  oidc::Json key = maker_.public_jwk();
  key["use"] = "enc";
  start({{"clients", {{{"id", "service-jwt"}, {"auth", "private_key_jwt"}, {"jwks", {{"keys", {key}}}}}}}});
  EXPECT_EQ(error_of(token(maker_.make(claims()))), "invalid_client");
}

}  // namespace
}  // namespace mockserver::test
