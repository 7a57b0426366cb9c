// What an issuer must not refuse, however odd it looks: a test for each rule, named after it.

#include "../browser_fixture.hpp"

namespace mockserver::test {
namespace {

class EmptyParameters : public IssuerTest {
 protected:
  static oidc::Form with_empties(oidc::Form form) {
    for (const char* name : {"client_secret", "client_assertion", "client_assertion_type", "resource", "audience",
                             "scope", "nonce", "unknown", "unknown"}) {
      if (!form.contains(name)) {
        form.add(name, "");
      }
    }
    return form;
  }
};

// RFC 6749 sections 3.1 and 3.2: "Parameters sent without a value MUST be treated as if they were omitted".
TEST_F(EmptyParameters, Rfc6749Section31AtTheAuthorizationEndpoint) {
  auto form = with_empties(authorization());
  for (const char* name : {"response_mode", "prompt", "max_age", "id_token_hint", "request", "request_uri"}) {
    form.add(name, "");
  }
  EXPECT_TRUE(redirect_of(authorize(form)).contains("code"));
  EXPECT_TRUE(redirect_of(post("/authorize", form)).contains("code"));
}

TEST_F(EmptyParameters, Rfc6749Section32AtTheTokenEndpoint) {
  const auto tokens = body_of(post("/token", with_empties(redemption(code()))));
  ASSERT_TRUE(tokens.contains("refresh_token")) << tokens;
  const oidc::Form refresh{
      {"grant_type", "refresh_token"}, {"client_id", "app"}, {"refresh_token", tokens.at("refresh_token")}};
  EXPECT_EQ(post("/token", with_empties(refresh)).response.status, 200);
  EXPECT_EQ(service_token({{"client_secret", ""}, {"client_id", ""}, {"scope", ""}}).response.status, 200);
}

TEST_F(EmptyParameters, Rfc6749Section32AtTheEndpointsOfClients) {
  EXPECT_EQ(post("/par", with_empties(authorization())).response.status, 201);
  EXPECT_EQ(post("/device_authorization", with_empties({{"client_id", "app"}})).response.status, 200);
  const oidc::Form token{{"client_id", "app"}, {"token", login().at("access_token")}, {"token_type_hint", ""}};
  EXPECT_EQ(body_of(post("/introspect", with_empties(token))).at("active"), true);
  EXPECT_EQ(post("/revoke", with_empties(token)).response.status, 200);
  EXPECT_FALSE(active(token.value_or_empty("token")));
}

TEST_F(EmptyParameters, Rfc6749Section32AtLogoutDeviceAndUserinfo) {
  EXPECT_EQ(post("/logout", {{"id_token_hint", login().at("id_token")},
                             {"post_logout_redirect_uri", ""},
                             {"client_id", ""},
                             {"interaction", ""}})
                .response.status,
            200);
  EXPECT_EQ(get("/device?user_code=").response.status, 200);
  const std::string token = login().at("access_token");
  EXPECT_EQ(post("/userinfo", {{"access_token", ""}}, {{"Authorization", "Bearer " + token}}).response.status, 200);
}

TEST_F(EmptyParameters, WhatIsNeededIsMissingWithoutAValue) {
  EXPECT_EQ(error_of(post("/token", {{"client_id", "app"}, {"grant_type", ""}})), "invalid_request");
  EXPECT_EQ(
      error_of(
          post("/token", {{"client_id", "service-post"}, {"client_secret", ""}, {"grant_type", "client_credentials"}})),
      "invalid_client");
  EXPECT_EQ(error_of(post("/introspect", {{"client_id", "app"}, {"token", ""}})), "invalid_request");
}

TEST_F(EmptyParameters, OneOfTwoIsNoRepetition) {
  auto form = redemption(code());
  form.add("code", "");
  EXPECT_EQ(post("/token", form).response.status, 200);
}

TEST_F(EmptyParameters, TheJournalSaysThatTheyCame) {
  post("/token", {{"grant_type", "refresh_token"}, {"client_secret", ""}, {"client_id", "app"}});
  const auto form = issuer_->journal().exchanges().back().form;
  EXPECT_EQ(form.get("client_secret"), "");
  EXPECT_EQ(form.get("client_id"), "app");
}

TEST_F(EmptyParameters, AStepTakesThemAsOmitted) {
  script({{"when", {{"endpoint", "token"}, {"form", {{"client_secret", false}}}}}, {"do", {{"status", 503}}}});
  auto form = redemption(code());
  form.add("client_secret", "");
  EXPECT_EQ(post("/token", form).response.status, 503);
}

class Queries : public IssuerTest {};

// RFC 6749 section 3.2: "The endpoint URI MAY include an application/x-www-form-urlencoded formatted query component".
TEST_F(Queries, Rfc6749Section32AreNoErrorAtTheEndpointsOfClients) {
  const std::string token = login().at("access_token");
  EXPECT_EQ(post("/token?tenant=a&scope=admin&grant_type=password&%zz", redemption(code())).response.status, 200);
  EXPECT_EQ(post("/par?tenant=a&scope=admin", authorization()).response.status, 201);
  EXPECT_EQ(post("/device_authorization?tenant=a&client_id=b", {{"client_id", "app"}}).response.status, 200);
  EXPECT_EQ(post("/introspect?token=x", {{"token", token}, {"client_id", "app"}}).response.status, 200);
  EXPECT_EQ(post("/revoke?token=x", {{"token", token}, {"client_id", "app"}}).response.status, 200);
  EXPECT_FALSE(active(token)) << "the token of the body";
}

TEST_F(Queries, Rfc6749Section231WhatBelongsInTheBodyIsNotReadFromThem) {
  const oidc::Headers service{{"Authorization", basic("service", kSecret)}};
  EXPECT_EQ(error_of(send("POST", "/token?grant_type=client_credentials", service)), "invalid_request");
  EXPECT_EQ(error_of(post("/token?client_id=service-post&client_secret=" + oidc::form_encode(kSecret),
                          {{"grant_type", "client_credentials"}})),
            "invalid_client");
  EXPECT_EQ(error_of(send("POST", "/introspect?token=x", service)), "invalid_request");
}

TEST_F(Queries, ATokenEndpointMayHaveOneOfItsOwn) {
  start({{"metadata", {{"token_endpoint", "${issuer}/token?tenant=one"}}}});
  const std::string endpoint = body_of(get("/.well-known/openid-configuration")).at("token_endpoint");
  EXPECT_EQ(endpoint, kBase + "/token?tenant=one");
  EXPECT_EQ(post(endpoint.substr(kBase.size()), redemption(code())).response.status, 200);
}

class UnknownScopesTest : public IssuerTest {
 protected:
  std::string granted(const std::string& scope) {
    const auto reply = authorize(authorization(scope));
    const auto parameters = redirect_of(reply);
    return parameters.contains("code")
               ? body_of(redeem(parameters.value_or_empty("code"))).at("scope").get<std::string>()
               : parameters.value_or_empty("error");
  }
};

// OIDC Core section 3.1.2.1: "Scope values used that are not understood by an implementation SHOULD be ignored".
TEST_F(UnknownScopesTest, OidcCore3121AreIgnoredInAnOpenIdRequestAndTheReplySaysSo) {
  EXPECT_EQ(granted("openid admin api"), "openid api");
  EXPECT_EQ(post("/par", authorization("openid admin")).response.status, 201);
  EXPECT_EQ(post("/device_authorization", {{"client_id", "app"}, {"scope", "openid admin"}}).response.status, 200);
  const auto tokens = login("openid offline_access api admin");
  EXPECT_EQ(body_of(refresh(tokens, {{"scope", "openid api admin"}})).at("scope"), "openid api");
}

// RFC 6749 sections 3.3 and 4.1.2.1.
TEST_F(UnknownScopesTest, Rfc6749Section33AreInvalidInOtherRequests) {
  EXPECT_EQ(granted("api admin"), "invalid_scope");
}

TEST_F(UnknownScopesTest, AreRefusedToEverybodyByConfiguration) {
  start({{"unknown_scopes", "refuse"}});
  EXPECT_EQ(granted("openid admin"), "invalid_scope");
  EXPECT_EQ(granted("api admin"), "invalid_scope");
}

TEST_F(UnknownScopesTest, AreIgnoredForEverybodyByConfigurationIfAnyOtherIsLeft) {
  start({{"unknown_scopes", "ignore"}});
  EXPECT_EQ(granted("api admin"), "api");
  EXPECT_EQ(granted("admin"), "invalid_scope") << "no scope is not the default scope";
}

TEST_F(UnknownScopesTest, AClientsOwnLimitIsNoQuestionOfKnowing) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {kCallback}}, {"scopes", {"openid"}}}}}});
  EXPECT_EQ(granted("openid admin"), "openid");
  EXPECT_EQ(granted("openid api"), "invalid_scope");
}

}  // namespace
}  // namespace mockserver::test
