#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

const std::string kGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const std::string kAccess = "urn:ietf:params:oauth:token-type:access_token";
const std::string kRefresh = "urn:ietf:params:oauth:token-type:refresh_token";
const std::string kId = "urn:ietf:params:oauth:token-type:id_token";
const std::string kJwt = "urn:ietf:params:oauth:token-type:jwt";

class TokenExchangeTest : public IssuerTest {
 protected:
  Reply exchange(const std::string& token, const std::string& type, const oidc::Form& more = {}) {
    oidc::Form form{{"grant_type", kGrant}, {"subject_token", token}, {"subject_token_type", type}};
    for (const auto& [name, value] : more) {
      form.add(name, value);
    }
    return post("/token", form, {{"Authorization", basic("service", kSecret)}});
  }
  Reply exchange(const oidc::Json& token, const oidc::Form& more = {}) {
    return exchange(token.get<std::string>(), kAccess, more);
  }
  static void expect_error(const Reply& reply, const std::string& error) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), error) << reply.response.body;
  }

  void trust_partner(const oidc::Json& more = oidc::Json::object()) {
    oidc::Json overlay = {
        {"trusted_issuers", {{{"issuer", "https://partner.test"}, {"jwks", {{"keys", {partner_.public_jwk()}}}}}}}};
    overlay.merge_patch(more);
    start(overlay);
  }
  oidc::Json partner_claims() {
    return {{"iss", "https://partner.test"},
            {"sub", "guest-7"},
            {"aud", "https://elsewhere.test"},
            {"exp", oidc::epoch_seconds(clock_.now()).count() + 7200}};
  }

  AssertionMaker partner_{"ES256"};
};

TEST_F(TokenExchangeTest, AnAccessTokenIsExchangedForOneOfTheSameUserForThisClient) {
  const auto reply = exchange(login().at("access_token"));
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  const auto body = body_of(reply);
  EXPECT_EQ(body.at("issued_token_type"), kAccess);
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_EQ(body.at("expires_in"), 3600);
  EXPECT_EQ(body.at("scope"), "api") << "openid and offline_access are for the asking only";
  EXPECT_FALSE(body.contains("refresh_token"));
  EXPECT_FALSE(body.contains("id_token"));
  const auto claims = claims_of(body, "access_token");
  EXPECT_EQ(claims.at("sub"), "user-1");
  EXPECT_EQ(claims.at("client_id"), "service");
  EXPECT_FALSE(claims.contains("act"));
  EXPECT_TRUE(active(body.at("access_token")));
}

TEST_F(TokenExchangeTest, EveryTokenOfOursIsASubject) {
  const auto tokens = login();
  EXPECT_EQ(exchange(tokens.at("access_token").get<std::string>(), kJwt).response.status, 200);
  EXPECT_EQ(exchange(tokens.at("id_token").get<std::string>(), kId).response.status, 200);
  EXPECT_EQ(exchange(tokens.at("id_token").get<std::string>(), kJwt).response.status, 200);
  start({{"access_token", "opaque"}});
  EXPECT_EQ(exchange(login().at("access_token")).response.status, 200);
}

TEST_F(TokenExchangeTest, ARefreshTokenIsASubjectForItsOwnClientOnly) {
  const std::string token = login().at("refresh_token");
  expect_error(exchange(token, kRefresh), "invalid_request");
  const auto own =
      post("/token",
           {{"grant_type", kGrant}, {"client_id", "app"}, {"subject_token", token}, {"subject_token_type", kRefresh}});
  EXPECT_EQ(own.response.status, 200);
}

TEST_F(TokenExchangeTest, WhatIsNotGoodAnyMoreIsAnInvalidRequest) {
  const auto tokens = login();
  expect_error(exchange("unknown", kAccess), "invalid_request");
  expect_error(exchange(tokens.at("id_token").get<std::string>(), kAccess), "invalid_request");
  expect_error(exchange(tokens.at("access_token").get<std::string>(), kId), "invalid_request");
  std::string forged = tokens.at("id_token");
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  expect_error(exchange(forged, kId), "invalid_request");
  clock_.advance(1h);
  expect_error(exchange(tokens.at("access_token")), "invalid_request");
  expect_error(exchange(tokens.at("access_token").get<std::string>(), kJwt), "invalid_request");
  expect_error(exchange(tokens.at("id_token").get<std::string>(), kId), "invalid_request");
}

TEST_F(TokenExchangeTest, ARevokedAccessTokenIsNoJwtToTrust) {
  const std::string token = login().at("access_token");
  post("/revoke", {{"client_id", "app"}, {"token", token}});
  expect_error(exchange(token, kAccess), "invalid_request");
  expect_error(exchange(token, kJwt), "invalid_request");
}

TEST_F(TokenExchangeTest, TokenAndTypeAreRequiredAndTheTypeKnown) {
  const std::string token = login().at("access_token");
  expect_error(exchange("", kAccess), "invalid_request");
  expect_error(exchange(token, ""), "invalid_request");
  expect_error(exchange(token, "urn:ietf:params:oauth:token-type:saml2"), "invalid_request");
  expect_error(exchange(token, "access_token"), "invalid_request");
  expect_error(exchange(token, kAccess, {{"requested_token_type", kId}}), "invalid_request");
}

TEST_F(TokenExchangeTest, TheScopeCanOnlyBecomeNarrower) {
  const auto token = login("openid profile api").at("access_token");
  EXPECT_EQ(body_of(exchange(token, {{"scope", "api"}})).at("scope"), "api");
  EXPECT_TRUE(body_of(exchange(token, {{"scope", "openid api"}})).contains("id_token"));
  expect_error(exchange(token, {{"scope", "api offline_access"}}), "invalid_scope");
  expect_error(exchange(token, {{"scope", "admin"}}), "invalid_scope");
}

TEST_F(TokenExchangeTest, AudienceAndResourceSayWhoIsMeant) {
  start({{"audiences", {"https://orders.test", "billing"}}});
  const auto token = login().at("access_token");
  const auto aud = [&](const oidc::Form& form) {
    return claims_of(body_of(exchange(token, form)), "access_token").at("aud");
  };
  EXPECT_EQ(aud({}), "https://api.test");
  EXPECT_EQ(aud({{"audience", "billing"}}), "billing");
  EXPECT_EQ(aud({{"resource", "https://orders.test"}}), "https://orders.test");
  const oidc::Json both = {"https://orders.test", "billing"};
  EXPECT_EQ(aud({{"resource", "https://orders.test"}, {"audience", "billing"}}), both);
  expect_error(exchange(token, {{"audience", "payroll"}}), "invalid_target");
  expect_error(exchange(token, {{"resource", "https://orders.test#x"}}), "invalid_target");
}

TEST_F(TokenExchangeTest, ARequestedJwtIsOneAndSaysSo) {
  const auto token = login().at("access_token");
  EXPECT_EQ(body_of(exchange(token, {{"requested_token_type", kJwt}})).at("issued_token_type"), kJwt);
  start({{"access_token", "opaque"}});
  expect_error(exchange(login().at("access_token"), {{"requested_token_type", kJwt}}), "invalid_request");
}

TEST_F(TokenExchangeTest, TheActorIsNamedAndTheOneBeforeIsNestedInIt) {
  const auto service = body_of(service_token()).at("access_token").get<std::string>();
  const oidc::Form actor{{"actor_token", service}, {"actor_token_type", kAccess}};
  const auto first = body_of(exchange(login().at("access_token"), actor));
  const oidc::Json act = {{"sub", "service"}};
  EXPECT_EQ(claims_of(first, "access_token").at("act"), act);
  const auto second = body_of(exchange(first.at("access_token"), actor));
  const oidc::Json nested = {{"sub", "service"}, {"act", {{"sub", "service"}}}};
  EXPECT_EQ(claims_of(second, "access_token").at("act"), nested);
}

TEST_F(TokenExchangeTest, ABrokenActorIsAnInvalidRequest) {
  const auto token = login().at("access_token");
  expect_error(exchange(token, {{"actor_token", "unknown"}, {"actor_token_type", kAccess}}), "invalid_request");
  expect_error(exchange(token, {{"actor_token", "unknown"}}), "invalid_request");
  expect_error(exchange(token, {{"actor_token_type", kAccess}}), "invalid_request");
}

TEST_F(TokenExchangeTest, MayActNamesTheOnlyActor) {
  trust_partner();
  const auto service = body_of(service_token()).at("access_token").get<std::string>();
  const oidc::Form actor{{"actor_token", service}, {"actor_token_type", kAccess}};
  auto claims = partner_claims();
  claims["may_act"] = {{"sub", "service"}};
  EXPECT_EQ(exchange(partner_.make(claims), kJwt, actor).response.status, 200);
  claims["may_act"] = {{"sub", "service"}, {"iss", kBase}};
  EXPECT_EQ(exchange(partner_.make(claims), kJwt, actor).response.status, 200);
  claims["may_act"] = {{"sub", "service"}, {"iss", "https://partner.test"}};
  expect_error(exchange(partner_.make(claims), kJwt, actor), "invalid_request");
  claims["may_act"] = {{"sub", "somebody-else"}};
  expect_error(exchange(partner_.make(claims), kJwt, actor), "invalid_request");
}

TEST_F(TokenExchangeTest, TrustedIssuersTokensAreSubjects) {
  trust_partner();
  const auto reply = exchange(partner_.make(partner_claims()), kJwt, {{"scope", "api"}});
  ASSERT_EQ(reply.response.status, 200) << reply.response.body;
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("sub"), "guest-7");
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("iss"), kBase);
  auto late = partner_claims();
  late["exp"] = oidc::epoch_seconds(clock_.now()).count();
  expect_error(exchange(partner_.make(late), kJwt), "invalid_request");
  auto stranger = partner_claims();
  stranger["iss"] = "https://stranger.test";
  expect_error(exchange(partner_.make(stranger), kJwt), "invalid_request");
  expect_error(exchange(AssertionMaker{"ES256"}.make(partner_claims()), kJwt), "invalid_request");
}

TEST_F(TokenExchangeTest, AClientMayBeKeptFromIt) {
  start({{"clients",
          {{{"id", "service"},
            {"auth", "client_secret_basic"},
            {"secret", kSecret},
            {"grants", {"client_credentials"}}}}}});
  expect_error(exchange("x", kAccess), "unauthorized_client");
}

TEST_F(TokenExchangeTest, TheLineageShowsWhereItCameFrom) {
  exchange(login().at("access_token"));
  EXPECT_EQ(issuer_->ledger().entries().back().name, "at#2");
  EXPECT_EQ(issuer_->ledger().entries().back().parent, "at#1");
}

}  // namespace
}  // namespace mockserver::test
