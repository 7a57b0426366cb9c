#include "claim_templates.hpp"

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using ClaimTemplatesTest = IssuerTest;

TEST_F(ClaimTemplatesTest, PlaceholdersAreReplacedInStringsAnywhere) {
  start({{"claims", {{"access", {{"tenant", "t-{{request.tenant}}"}, {"nested", {{"ids", {"{{client.id}}"}}}}}}}}});
  const auto claims = claims_of(body_of(service_token({{"tenant", "blue"}})), "access_token");
  EXPECT_EQ(claims.at("tenant"), "t-blue");
  EXPECT_EQ(claims.at("nested"), (oidc::Json{{"ids", {"service"}}}));
}

TEST_F(ClaimTemplatesTest, ALonePlaceholderKeepsItsTypeAndWithoutAValueIsLeftOut) {
  start({{"claims", {{"access", {{"at", "{{now}}"}, {"tenant", "{{request.tenant}}"}, {"who", "{{user.sub}}"}}}}}});
  const auto claims = claims_of(body_of(service_token()), "access_token");
  EXPECT_EQ(claims.at("at"), oidc::epoch_seconds(kStart).count());
  EXPECT_FALSE(claims.contains("tenant"));
  EXPECT_FALSE(claims.contains("who")) << "there is no user";
}

TEST_F(ClaimTemplatesTest, ParametersOfTheAuthorizationRequestReachAllTokensOfTheLogin) {
  start({{"claims",
          {{"access", {{"ui", "{{request.ui_locales}}"}}},
           {"id", {{"ui", "{{request.ui_locales}}"}}},
           {"userinfo", {{"ui", "{{request.ui_locales}}"}}}}}});
  oidc::Form form = authorization();
  form.add("ui_locales", "de");
  const auto tokens = body_of(redeem(code(form)));
  EXPECT_EQ(claims_of(tokens, "access_token").at("ui"), "de");
  EXPECT_EQ(claims_of(tokens, "id_token").at("ui"), "de");
  EXPECT_EQ(body_of(userinfo(tokens.at("access_token"))).at("ui"), "de");
  EXPECT_EQ(claims_of(body_of(refresh(tokens)), "access_token").at("ui"), "de");
}

TEST_F(ClaimTemplatesTest, UuidsDifferFromTokenToToken) {
  start({{"claims", {{"access", {{"event", "{{uuid}}"}}}}}});
  const std::string one = claims_of(body_of(service_token()), "access_token").at("event");
  const std::string two = claims_of(body_of(service_token()), "access_token").at("event");
  EXPECT_NE(one, two);
  EXPECT_EQ(one.size(), 36U);
  EXPECT_EQ(one[14], '4') << "version 4 (RFC 9562 section 5.4)";
}

TEST_F(ClaimTemplatesTest, TheyDoNotReplaceWhatTheSpecificationsSettle) {
  const std::vector<std::string> settled = {"iss",   "sub",     "aud",    "iat",       "exp",       "jti",
                                            "nonce", "at_hash", "c_hash", "auth_time", "client_id", "scope"};
  oidc::Json template_of_all = {{"own", "x"}};
  for (const std::string& name : settled) {
    template_of_all[name] = "x";
  }
  start({{"claims", {{"access", template_of_all}, {"id", template_of_all}, {"userinfo", template_of_all}}}});
  const auto tokens = login();
  const auto access = claims_of(tokens, "access_token");
  const auto id = claims_of(tokens, "id_token");
  for (const char* name : {"iss", "sub", "aud", "iat", "exp", "jti", "auth_time", "client_id", "scope"}) {
    EXPECT_NE(access.at(name), "x") << name;
  }
  for (const char* name : {"iss", "sub", "aud", "iat", "exp", "jti", "auth_time", "nonce", "at_hash", "c_hash"}) {
    EXPECT_NE(id.at(name), "x") << name;
  }
  EXPECT_EQ(id.at("own"), "x");
  EXPECT_EQ(id.at("iss"), kBase);
  EXPECT_EQ(id.at("sub"), "user-1");
  EXPECT_EQ(id.at("aud"), "app");
  EXPECT_EQ(body_of(userinfo(tokens.at("access_token"))).at("sub"), "user-1");
}

TEST_F(ClaimTemplatesTest, AnUnknownPlaceholderIsRefusedWithTheConfiguration) {
  const auto parsed = parse_issuer_config({{"claims", {{"id", {{"x", "{{clinet.id}}"}}}}}});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "/claims: there is no placeholder {{clinet.id}}");
}

TEST_F(ClaimTemplatesTest, UsersHaveClaimsForAccessTokensOfTheirOwn) {
  start({{"users", {{{"sub", "user-1"}, {"claims", {{"name", "One"}}}, {"access_claims", {{"groups", {"a", "b"}}}}}}}});
  const auto tokens = login();
  EXPECT_EQ(claims_of(tokens, "access_token").at("groups"), (oidc::Json{"a", "b"}));
  EXPECT_FALSE(claims_of(tokens, "access_token").contains("name"));
  EXPECT_FALSE(claims_of(tokens, "id_token").contains("groups"));
}

TEST_F(ClaimTemplatesTest, EveryGrantKeepsTheParametersOfItsRequest) {
  start({{"claims", {{"access", {{"tenant", "{{request.tenant}}"}}}}}});
  const std::string token = body_of(service_token({{"tenant", "one"}})).at("access_token");
  const auto reply = post("/token",
                          {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                           {"subject_token", token},
                           {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                           {"tenant", "two"}},
                          {{"Authorization", basic("service", kSecret)}});
  EXPECT_EQ(claims_of(body_of(reply), "access_token").at("tenant"), "two") << reply.response.body;
}

}  // namespace
}  // namespace mockserver::test
