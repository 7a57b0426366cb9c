// RFC 9449 at the token endpoint, and where bound tokens are shown.

#include "dpop_maker.hpp"
#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

const oidc::Json kNothing = oidc::Json::object();

class DpopTest : public IssuerTest {
 protected:
  const std::string token_url_ = kBase + "/token";

  std::string proof(const oidc::Json& patch = oidc::Json::object(), const oidc::Json& header = oidc::Json::object()) {
    return maker_.proof("POST", token_url_, clock_.now(), patch, header);
  }
  Reply ask(const std::string& proof) {
    return post("/token", {{"grant_type", "client_credentials"}},
                {{"Authorization", basic("service", kSecret)}, {"DPoP", proof}});
  }
  Reply redeem_with(const std::string& code, const std::string& proof) {
    return post("/token", redemption(code), {{"DPoP", proof}});
  }
  Reply refresh_with(const oidc::Json& tokens, const oidc::Headers& headers) {
    return post("/token",
                {{"grant_type", "refresh_token"}, {"client_id", "app"}, {"refresh_token", tokens.at("refresh_token")}},
                headers);
  }
  oidc::Json bound_login() { return body_of(redeem_with(code(), proof())); }

  Reply show(const std::string& token, const oidc::Json& patch = oidc::Json::object(),
             const std::string& scheme = "DPoP") {
    oidc::Json claims = {{"ath", DpopMaker::ath(token)}};
    claims.merge_patch(patch);
    return get("/userinfo", {{"Authorization", scheme + " " + token},
                             {"DPoP", maker_.proof("GET", kBase + "/userinfo", clock_.now(), claims)}});
  }
  static void expect_challenge(const Reply& reply, const std::string& error) {
    EXPECT_EQ(reply.response.status, 401);
    EXPECT_THAT(header_of(reply, "WWW-Authenticate"), testing::HasSubstr("error=\"" + error + "\""));
  }

  DpopMaker maker_;
};

TEST_F(DpopTest, AProofBindsTheTokenToItsKey) {
  const auto reply = ask(proof());
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(body_of(reply).at("token_type"), "DPoP");
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("cnf").at("jkt"), maker_.thumbprint());
  const auto told = introspect(body_of(reply).at("access_token"));
  EXPECT_EQ(told.at("token_type"), "DPoP");
  EXPECT_EQ(told.at("cnf").at("jkt"), maker_.thumbprint());
}

TEST_F(DpopTest, WithoutAProofTokensAreBearerTokens) {
  const auto reply = body_of(service_token());
  EXPECT_EQ(reply.at("token_type"), "Bearer");
  EXPECT_FALSE(claims_of(reply, "access_token").contains("cnf"));
}

struct BadProof {
  const char* name;
  oidc::Json claims;
  oidc::Json header;
};
class BadProofTest : public DpopTest, public testing::WithParamInterface<BadProof> {};

TEST_P(BadProofTest, IsAnInvalidDpopProof) {
  const auto reply = ask(proof(GetParam().claims, GetParam().header));
  EXPECT_EQ(reply.response.status, 400);
  EXPECT_EQ(error_of(reply), "invalid_dpop_proof");
}

constexpr std::int64_t kNow = 1'893'456'000;  // kStart
INSTANTIATE_TEST_SUITE_P(Rfc9449Section43, BadProofTest,
                         testing::Values(BadProof{"AnotherMethod", {{"htm", "GET"}}, kNothing},
                                         BadProof{"MethodInLowerCase", {{"htm", "post"}}, kNothing},
                                         BadProof{"AnotherUrl", {{"htu", kBase + "/userinfo"}}, kNothing},
                                         BadProof{"AnotherHost", {{"htu", "https://evil.test/alpha/token"}}, kNothing},
                                         BadProof{"NoUrl", {{"htu", nullptr}}, kNothing},
                                         BadProof{"NoTime", {{"iat", nullptr}}, kNothing},
                                         BadProof{"TooOld", {{"iat", kNow - 300}}, kNothing},
                                         BadProof{"InTheFuture", {{"iat", kNow + 61}}, kNothing},
                                         BadProof{"NoJti", {{"jti", nullptr}}, kNothing},
                                         BadProof{"AnotherType", kNothing, {{"typ", "JWT"}}},
                                         BadProof{"NoKey", kNothing, {{"jwk", nullptr}}},
                                         BadProof{"PrivateKey", kNothing, {{"jwk", {{"d", "AAAA"}}}}},
                                         BadProof{"AlgNone", kNothing, {{"alg", "none"}}},
                                         BadProof{"Symmetric", kNothing, {{"alg", "HS256"}}},
                                         BadProof{"CriticalExtension", kNothing, {{"crit", {"x"}}}}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(DpopTest, AProofSignedByAnotherKeyThanItsOwnIsInvalid) {
  const oidc::Json other = AssertionMaker{"ES256"}.public_jwk();
  EXPECT_EQ(error_of(ask(proof(kNothing, {{"jwk", other}}))), "invalid_dpop_proof");
}

TEST_F(DpopTest, QueryFragmentCaseAndDefaultPortOfTheUrlDoNotMatter) {
  for (const char* url : {"https://issuer.test/alpha/token?x=1", "HTTPS://Issuer.test:443/alpha/token#y"}) {
    EXPECT_EQ(ask(proof({{"htu", url}})).response.status, 200) << url;
  }
}

TEST_F(DpopTest, TwoProofsAreInvalid) {
  const auto reply = post("/token", {{"grant_type", "client_credentials"}},
                          {{"Authorization", basic("service", kSecret)}, {"DPoP", proof()}, {"DPoP", proof()}});
  EXPECT_EQ(error_of(reply), "invalid_dpop_proof");
}

TEST_F(DpopTest, AProofIsGoodOnce) {
  const std::string once = proof();
  EXPECT_EQ(ask(once).response.status, 200);
  EXPECT_EQ(error_of(ask(once)), "invalid_dpop_proof");
}

TEST_F(DpopTest, WhoeverWasToldToComeAgainMayComeWithTheSameProof) {
  script({{"when", {{"endpoint", "token"}}}, {"do", {{"status", 503}}}});
  const std::string once = proof();
  EXPECT_EQ(ask(once).response.status, 503);
  EXPECT_EQ(ask(once).response.status, 200);
}

TEST_F(DpopTest, IssuerOrClientMayDemandIt) {
  start({{"dpop", {{"required", true}}}});
  EXPECT_EQ(error_of(service_token()), "invalid_dpop_proof");
  EXPECT_EQ(ask(proof()).response.status, 200);
  start(
      {{"clients", {{{"id", "service"}, {"auth", "client_secret_basic"}, {"secret", kSecret}, {"dpop_bound", true}}}}});
  EXPECT_EQ(error_of(service_token()), "invalid_dpop_proof");
  EXPECT_EQ(ask(proof()).response.status, 200);
}

TEST_F(DpopTest, TheServersNonceIsDemandedAndChanges) {
  start({{"dpop", {{"nonce", true}}}});
  const auto refused = ask(proof());
  EXPECT_EQ(refused.response.status, 400);
  EXPECT_EQ(error_of(refused), "use_dpop_nonce");
  const std::string nonce = header_of(refused, "DPoP-Nonce");
  ASSERT_NE(nonce, "(absent)");
  EXPECT_EQ(ask(proof({{"nonce", nonce}})).response.status, 200);
  EXPECT_EQ(error_of(ask(proof({{"nonce", "another"}}))), "use_dpop_nonce");
  clock_.advance(11min);
  const auto stale = ask(proof({{"nonce", nonce}}));
  EXPECT_EQ(error_of(stale), "use_dpop_nonce");
  EXPECT_NE(header_of(stale, "DPoP-Nonce"), nonce);
  EXPECT_EQ(ask(proof({{"nonce", header_of(stale, "DPoP-Nonce")}})).response.status, 200);
}

TEST_F(DpopTest, ThePreviousNonceIsStillGood) {
  start({{"dpop", {{"nonce", true}}}});
  const std::string nonce = header_of(ask(proof()), "DPoP-Nonce");
  clock_.advance(5min);
  const auto reply = ask(proof({{"nonce", nonce}}));
  EXPECT_EQ(reply.response.status, 200) << "whoever got it a second ago is not told to come again";
  EXPECT_NE(header_of(reply, "DPoP-Nonce"), nonce) << "but gets the next";
  clock_.advance(5min - 1s);
  EXPECT_EQ(ask(proof({{"nonce", nonce}})).response.status, 200);
  clock_.advance(1s);
  EXPECT_EQ(error_of(ask(proof({{"nonce", nonce}}))), "use_dpop_nonce");
}

TEST_F(DpopTest, AProofIsRememberedAsLongAsItCouldComeAgain) {
  const oidc::Json ahead = {{"jti", "ahead"}, {"iat", kNow + 60}};
  const std::string early = proof(ahead);
  ASSERT_EQ(ask(early).response.status, 200);
  clock_.advance(5min + 59s);
  EXPECT_EQ(error_of(ask(early)), "invalid_dpop_proof") << "it is good until five minutes after its iat";
}

TEST_F(DpopTest, AndNoLonger) {
  ASSERT_EQ(ask(proof({{"jti", "again"}, {"iat", kNow - 240}})).response.status, 200);
  clock_.advance(60s);
  EXPECT_EQ(ask(proof({{"jti", "again"}})).response.status, 200) << "the first is too old by itself";
  EXPECT_EQ(error_of(ask(proof({{"jti", "again"}}))), "invalid_dpop_proof") << "the second counts as the first did";
}

TEST_F(DpopTest, WithoutTheSettingThereIsNoNonce) {
  EXPECT_FALSE(ask(proof()).response.headers.contains("DPoP-Nonce"));
}

TEST_F(DpopTest, ThePublicClientsRefreshTokenIsBoundToTheKey) {
  const auto tokens = bound_login();
  EXPECT_EQ(error_of(refresh_with(tokens, {})), "invalid_grant");
  DpopMaker stranger;
  const std::string foreign = stranger.proof("POST", token_url_, clock_.now());
  EXPECT_EQ(error_of(refresh_with(tokens, {{"DPoP", foreign}})), "invalid_grant");
  const auto renewed = refresh_with(tokens, {{"DPoP", proof()}});
  ASSERT_EQ(renewed.response.status, 200) << "the refusals used nothing up";
  EXPECT_EQ(claims_of(body_of(renewed), "access_token").at("cnf").at("jkt"), maker_.thumbprint());
  EXPECT_EQ(error_of(refresh_with(body_of(renewed), {})), "invalid_grant");
}

TEST_F(DpopTest, TheConfidentialClientsRefreshTokenIsNot) {
  auto form = authorization();
  form.set("client_id", "service");
  auto request = redemption(code(form));
  request.remove("client_id");
  const oidc::Headers service{{"Authorization", basic("service", kSecret)}};
  oidc::Headers with_proof = service;
  with_proof.add("DPoP", proof());
  const auto tokens = body_of(post("/token", request, with_proof));
  ASSERT_EQ(tokens.at("token_type"), "DPoP");
  const auto renewed =
      post("/token", {{"grant_type", "refresh_token"}, {"refresh_token", tokens.at("refresh_token")}}, service);
  EXPECT_EQ(renewed.response.status, 200);
  EXPECT_EQ(body_of(renewed).at("token_type"), "Bearer");
}

TEST_F(DpopTest, ACodeAskedForWithDpopJktIsForThatKey) {
  auto form = authorization();
  form.set("dpop_jkt", maker_.thumbprint());
  const std::string bound = code(form);
  DpopMaker stranger;
  EXPECT_EQ(error_of(redeem(bound)), "invalid_grant");
  EXPECT_EQ(error_of(redeem_with(bound, stranger.proof("POST", token_url_, clock_.now()))), "invalid_grant");
  EXPECT_EQ(redeem_with(bound, proof()).response.status, 200) << "whoever has no key uses nothing up";
  EXPECT_EQ(error_of(redeem_with(bound, proof())), "invalid_grant");
}

TEST_F(DpopTest, ABoundTokenIsShownWithAProofOfItsKey) {
  const std::string token = bound_login().at("access_token");
  EXPECT_EQ(show(token).response.status, 200);
  expect_challenge(show(token, {{"ath", nullptr}}), "invalid_dpop_proof");
  expect_challenge(show(token, {{"ath", DpopMaker::ath("another")}}), "invalid_dpop_proof");
  expect_challenge(show(token, {{"htm", "POST"}}), "invalid_dpop_proof");
}

TEST_F(DpopTest, ABoundTokenIsNoBearerToken) {
  const std::string token = bound_login().at("access_token");
  expect_challenge(userinfo(token), "invalid_token");
  expect_challenge(show(token, kNothing, "Bearer"), "invalid_token");
}

TEST_F(DpopTest, ABearerTokenIsNoBoundToken) {
  expect_challenge(show(login().at("access_token")), "invalid_token");
}

TEST_F(DpopTest, AnotherKeyThanTheTokensIsAnInvalidToken) {
  const std::string token = bound_login().at("access_token");
  maker_ = DpopMaker{};
  expect_challenge(show(token), "invalid_token");
}

TEST_F(DpopTest, TheChallengeNamesSchemeAndAlgorithms) {
  const std::string challenge = header_of(show("unknown"), "WWW-Authenticate");
  EXPECT_THAT(challenge, testing::StartsWith("DPoP realm=\"" + kBase + "\""));
  EXPECT_THAT(challenge, testing::HasSubstr("algs=\"RS256 "));
}

TEST_F(DpopTest, AtUserinfoTooTheProofIsGoodOnceAndTheNonceDemanded) {
  start({{"dpop", {{"nonce", true}}}});
  const std::string first = header_of(ask(proof()), "DPoP-Nonce");
  const auto reply = redeem_with(code(), proof({{"nonce", first}}));
  const std::string token = body_of(reply).at("access_token");
  const auto refused = show(token);
  expect_challenge(refused, "use_dpop_nonce");
  EXPECT_EQ(show(token, {{"nonce", header_of(refused, "DPoP-Nonce")}}).response.status, 200);
  const std::string fixed = "the-same-jti";
  EXPECT_EQ(show(token, {{"nonce", first}, {"jti", fixed}}).response.status, 200);
  expect_challenge(show(token, {{"nonce", first}, {"jti", fixed}}), "invalid_dpop_proof");
}

TEST_F(DpopTest, NeitherProofNorTokenIsInTheJournal) {
  const std::string made = proof();
  const std::string token = body_of(redeem_with(code(), made)).at("access_token");
  show(token);
  const auto exchanges = issuer_->journal().exchanges();
  EXPECT_EQ(exchanges.back().headers.get("Authorization"), "DPoP at#1");
  for (const auto& exchange : exchanges) {
    EXPECT_NE(exchange.headers.get("DPoP").value_or("fp:").substr(0, 3), made.substr(0, 3));
  }
}

TEST_F(DpopTest, DiscoveryNamesTheAlgorithms) {
  EXPECT_THAT(body_of(get("/.well-known/openid-configuration")).at("dpop_signing_alg_values_supported"),
              testing::Contains("ES256"));
}

class DpopAlgorithmTest : public DpopTest, public testing::WithParamInterface<const char*> {};

TEST_P(DpopAlgorithmTest, IsTaken) {
  maker_ = DpopMaker{GetParam()};
  EXPECT_EQ(ask(proof()).response.status, 200);
}
INSTANTIATE_TEST_SUITE_P(Rfc7518, DpopAlgorithmTest, testing::Values("RS256", "PS256", "ES256", "EdDSA"),
                         [](const auto& test) { return std::string{test.param}; });

}  // namespace
}  // namespace mockserver::test
