// The traps that other mock servers fall into, "Status and error codes": a test for each, named after it.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class StatusAndErrorCodes : public IssuerTest {
 protected:
  static void expect_error(const Reply& reply, int status, const std::string& error) {
    EXPECT_EQ(reply.response.status, status) << reply.response.body;
    EXPECT_EQ(error_of(reply), error);
  }
  static oidc::Form with(oidc::Form form, const std::string& name, const std::string& value) {
    form.set(name, value);
    return form;
  }
  Reply revoke(const std::string& token, const oidc::Form& more = {}) {
    oidc::Form form{{"client_id", "app"}, {"token", token}};
    for (const auto& [name, value] : more) {
      form.add(name, value);
    }
    return post("/revoke", form);
  }
  const oidc::Headers service_{{"Authorization", basic("service", kSecret)}};
};

TEST_F(StatusAndErrorCodes, UnknownGrantIsUnsupportedGrantType) {
  expect_error(post("/token", {{"grant_type", "urn:example:unknown"}}, service_), 400, "unsupported_grant_type");
}

TEST_F(StatusAndErrorCodes, GrantNotAllowedForThisClientIsUnauthorizedClient) {
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_id", "app"}}), 400,
               "unauthorized_client");
}

TEST_F(StatusAndErrorCodes, BadExpiredUsedOrForeignCodeWrongRedirectUriAndWrongVerifierAreInvalidGrant) {
  expect_error(redeem("unknown"), 400, "invalid_grant");
  expect_error(post("/token", with(redemption(code()), "redirect_uri", kCallback + "/")), 400, "invalid_grant");
  expect_error(post("/token", with(redemption(code()), "code_verifier", std::string(43, 'a'))), 400, "invalid_grant");
  const std::string used = code();
  EXPECT_EQ(redeem(used).response.status, 200);
  expect_error(redeem(used), 400, "invalid_grant");
  auto foreign = redemption(code());
  foreign.remove("client_id");
  expect_error(post("/token", foreign, service_), 400, "invalid_grant");
  const std::string late = code();
  clock_.advance(60s);
  expect_error(redeem(late), 400, "invalid_grant");
}

TEST_F(StatusAndErrorCodes, BadOrExpiredRefreshTokenIsInvalidGrant) {
  start({{"lifetimes", {{"refresh", 100}}}});
  expect_error(refresh({{"refresh_token", "unknown"}}), 400, "invalid_grant");
  const auto tokens = login();
  clock_.advance(100s);
  expect_error(refresh(tokens), 400, "invalid_grant");
}

TEST_F(StatusAndErrorCodes, WiderScopeOnRefreshIsInvalidScope) {
  expect_error(refresh(login("openid offline_access api"), {{"scope", "api profile"}}), 400, "invalid_scope");
}

TEST_F(StatusAndErrorCodes, InvalidClientIs401WithAChallengeForTheHeaderAnd400WithoutOtherwise) {
  const auto by_header =
      post("/token", {{"grant_type", "client_credentials"}}, {{"Authorization", basic("service", "wrong")}});
  expect_error(by_header, 401, "invalid_client");
  EXPECT_THAT(header_of(by_header, "WWW-Authenticate"), testing::StartsWith("Basic realm="));
  const auto by_form =
      post("/token", {{"grant_type", "client_credentials"}, {"client_id", "service-post"}, {"client_secret", "wrong"}});
  expect_error(by_form, 400, "invalid_client");
  EXPECT_FALSE(by_form.response.headers.contains("WWW-Authenticate"));
}

TEST_F(StatusAndErrorCodes, TwoAuthMechanismsAtOnceAreInvalidRequest) {
  expect_error(post("/token", {{"grant_type", "client_credentials"}, {"client_secret", kSecret}}, service_), 400,
               "invalid_request");
}

TEST_F(StatusAndErrorCodes, DeviceUnknownCodeIsInvalidGrantExpiredIsExpiredTokenDeniedIsAccessDenied) {
  expect_error(poll({{"device_code", "unknown"}}), 400, "invalid_grant");
  const auto denied = device();
  ASSERT_TRUE(issuer_->decide_device("", Decision::kDeny).has_value());
  expect_error(poll(denied), 400, "access_denied");
  const auto expired = device();
  clock_.advance(600s);
  expect_error(poll(expired), 400, "expired_token");
}

TEST_F(StatusAndErrorCodes, SlowDownAddsFiveSecondsForAllLaterPollsRecoversAndSparesTheFirst) {
  const auto started = device();
  expect_error(poll(started), 400, "authorization_pending");  // at once, and the first
  clock_.advance(4s);
  expect_error(poll(started), 400, "slow_down");  // 10 s from now on
  clock_.advance(9s);
  expect_error(poll(started), 400, "slow_down");  // 15 s
  clock_.advance(15s);
  expect_error(poll(started), 400, "authorization_pending");
  clock_.advance(14s);
  expect_error(poll(started), 400, "slow_down");
}

TEST_F(StatusAndErrorCodes, DeviceGrantAuthenticatesAConfidentialClient) {
  expect_error(post("/device_authorization", {{"client_id", "service"}}), 400, "invalid_client");
  const auto started = body_of(post("/device_authorization", {}, service_));
  ASSERT_TRUE(issuer_->decide_device("", Decision::kApprove).has_value());
  const oidc::Form form{{"grant_type", kDeviceGrant}, {"device_code", started.at("device_code")}};
  expect_error(post("/token", with(form, "client_id", "service")), 400, "invalid_client");
  EXPECT_EQ(post("/token", form, service_).response.status, 200);
}

TEST_F(StatusAndErrorCodes, UserinfoBadTokenIsInvalidTokenAndNoTokenIsABareChallenge) {
  const auto bad = userinfo("unknown");
  EXPECT_EQ(bad.response.status, 401);
  EXPECT_THAT(header_of(bad, "WWW-Authenticate"), testing::HasSubstr("error=\"invalid_token\""));
  const auto none = get("/userinfo");
  EXPECT_EQ(none.response.status, 401);
  EXPECT_EQ(header_of(none, "WWW-Authenticate"), "Bearer realm=\"" + kBase + "\"");
}

TEST_F(StatusAndErrorCodes, ChallengeParametersAreQuotedAndEscaped) {
  script({{"do", {{"error", {{"code", "invalid_token"}, {"description", "say \"no\" \\ twice"}}}}}});
  EXPECT_THAT(header_of(userinfo("x"), "WWW-Authenticate"),
              testing::HasSubstr(R"(error_description="say \"no\" \\ twice")"));
}

TEST_F(StatusAndErrorCodes, RevocationUnknownTokenIs200AndTheHintIsOnlyAHint) {
  EXPECT_EQ(revoke("unknown").response.status, 200);
  const std::string token = login().at("access_token");
  EXPECT_EQ(revoke(token, {{"token_type_hint", "refresh_token"}}).response.status, 200);
  EXPECT_FALSE(active(token));
  const std::string other = login().at("access_token");
  EXPECT_EQ(revoke(other, {{"token_type_hint", "nonsense"}}).response.status, 200);
  EXPECT_FALSE(active(other));
}

TEST_F(StatusAndErrorCodes, IntrospectionNeedsACallerAndInactiveIsOneMember) {
  expect_error(post("/introspect", {{"token", "x"}}), 400, "invalid_client");
  const oidc::Json inactive = {{"active", false}};
  EXPECT_EQ(introspect("unknown"), inactive);
}

TEST_F(StatusAndErrorCodes, A200NeverCarriesAnErrorUnlessAScriptAsksForIt) {
  const Reply replies[] = {service_token(),
                           redeem(code()),
                           get("/jwks"),
                           userinfo(login().at("access_token")),
                           service_token({{"scope", "admin"}}),
                           redeem("unknown"),
                           refresh({{"refresh_token", "x"}})};
  for (const auto& reply : replies) {
    EXPECT_EQ(reply.response.status == 200, !body_of(reply).contains("error")) << reply.response.body;
  }
  script({{"do", {{"error", {{"code", "invalid_grant"}, {"status", 200}}}}}});
  expect_error(redeem("unknown"), 200, "invalid_grant");
}

}  // namespace
}  // namespace mockserver::test
