// Each switch of `lenient`: what it lets pass, and what it still doesn't.

#include "issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class LeniencyTest : public IssuerTest {
 protected:
  void lenient(const oidc::Json& switches) { start({{"lenient", switches}}); }
  static oidc::Form with(oidc::Form form, const std::string& name, const std::string& value) {
    form.set(name, value);
    return form;
  }
  Reply client_credentials(const oidc::Form& more, const oidc::Headers& headers = {}) {
    oidc::Form form{{"grant_type", "client_credentials"}};
    for (const auto& [name, value] : more) {
      form.add(name, value);
    }
    return post("/token", form, headers);
  }
};

TEST_F(LeniencyTest, AnyClientLogsInAndRefreshesWithoutRegistration) {
  lenient({"any_client"});
  auto form = with(authorization(), "client_id", "never-seen");
  form.set("redirect_uri", "https://spa.test/cb");
  const auto redirect = authorize(form);
  ASSERT_EQ(redirect.response.status, 302) << redirect.response.body;
  EXPECT_THAT(header_of(redirect, "Location"), testing::StartsWith("https://spa.test/cb?code="));
  auto request = with(redemption(redirect_of(redirect).value_or_empty("code")), "client_id", "never-seen");
  request.set("redirect_uri", "https://spa.test/cb");
  const auto tokens = body_of(post("/token", request));
  EXPECT_EQ(claims_of(tokens, "id_token").at("aud"), "never-seen");
  EXPECT_EQ(refresh(tokens, {{"client_id", "never-seen"}}).response.status, 200);
}

TEST_F(LeniencyTest, AnyClientComesWithAnySecretInAnyWay) {
  lenient({"any_client"});
  EXPECT_EQ(client_credentials({}, {{"Authorization", basic("x", "whatever")}}).response.status, 200);
  EXPECT_EQ(client_credentials({{"client_id", "y"}, {"client_secret", "whatever"}}).response.status, 200);
  EXPECT_EQ(client_credentials({{"client_id", "z"}}).response.status, 200);
  EXPECT_EQ(error_of(client_credentials({})), "invalid_client") << "nobody is not anybody";
}

TEST_F(LeniencyTest, AnyClientLeavesRegisteredOnesAsTheyAre) {
  lenient({"any_client"});
  EXPECT_EQ(error_of(client_credentials({}, {{"Authorization", basic("service", "wrong")}})), "invalid_client");
  EXPECT_EQ(authorize(with(authorization(), "redirect_uri", "https://spa.test/cb")).response.status, 400);
}

TEST_F(LeniencyTest, AnyRedirectUriIsNotComparedButMustBeOne) {
  lenient({"any_redirect_uri"});
  for (const char* uri : {"https://spa.test/cb?x=1", "com.example.app:/callback"}) {
    const auto reply = authorize(with(authorization(), "redirect_uri", uri));
    EXPECT_EQ(reply.response.status, 302) << uri;
    EXPECT_THAT(header_of(reply, "Location"), testing::StartsWith(uri));
  }
  for (const char* uri : {"nonsense", "https://spa.test/cb#x", "https://spa.test/\r\nSet-Cookie: x=1"}) {
    EXPECT_EQ(authorize(with(authorization(), "redirect_uri", uri)).response.status, 400) << uri;
  }
}

TEST_F(LeniencyTest, AnySecretIsNotComparedButTheWayMatters) {
  lenient({"any_secret"});
  EXPECT_EQ(client_credentials({}, {{"Authorization", basic("service", "wrong")}}).response.status, 200);
  EXPECT_EQ(error_of(client_credentials({{"client_id", "service"}, {"client_secret", kSecret}})), "invalid_client");
  EXPECT_EQ(error_of(client_credentials({}, {{"Authorization", basic("nobody", "x")}})), "invalid_client");
}

TEST_F(LeniencyTest, AnyAuthMethodTakesTheSecretInEitherPlace) {
  lenient({"any_auth_method"});
  EXPECT_EQ(client_credentials({{"client_id", "service"}, {"client_secret", kSecret}}).response.status, 200);
  EXPECT_EQ(client_credentials({}, {{"Authorization", basic("service-post", kSecret)}}).response.status, 200);
  EXPECT_EQ(error_of(client_credentials({}, {{"Authorization", basic("service-post", "wrong")}})), "invalid_client");
  EXPECT_EQ(error_of(client_credentials({{"client_id", "service"}})), "invalid_client") << "none proves nothing";
  EXPECT_EQ(error_of(client_credentials({{"client_id", "service-jwt"}, {"client_secret", ""}})), "invalid_client");
}

TEST_F(LeniencyTest, AnyAuthMethodLetsAPublicClientSendASecret) {
  lenient({"any_auth_method"});
  EXPECT_EQ(post("/token", with(redemption(code()), "client_secret", "x")).response.status, 200);
}

TEST_F(LeniencyTest, AnyScopeGrantsUnknownOnesButNoMalformedOnes) {
  lenient({"any_scope"});
  EXPECT_EQ(body_of(service_token({{"scope", "api admin:*"}})).at("scope"), "api admin:*");
  EXPECT_EQ(error_of(service_token({{"scope", "a\"b"}})), "invalid_scope");
}

TEST_F(LeniencyTest, NoPkceLetsItOutAndTakesPlain) {
  lenient({"no_pkce"});
  auto bare = authorization();
  bare.remove("code_challenge");
  bare.remove("code_challenge_method");
  auto request = redemption(code(bare));
  request.remove("code_verifier");
  EXPECT_EQ(post("/token", request).response.status, 200);

  auto plain = authorization();
  plain.set("code_challenge", kVerifier);
  plain.set("code_challenge_method", "plain");
  EXPECT_EQ(redeem(code(plain)).response.status, 200);
  plain.remove("code_challenge_method");  // RFC 7636 section 4.3: plain, if left out
  EXPECT_EQ(redeem(code(plain)).response.status, 200);
  EXPECT_EQ(error_of(post("/token", with(redemption(code(plain)), "code_verifier", std::string(43, 'a')))),
            "invalid_grant");
  EXPECT_EQ(redeem(code()).response.status, 200) << "S256 works as ever";
  const oidc::Json methods = {"S256", "plain"};
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("code_challenge_methods_supported"), methods);
}

TEST_F(LeniencyTest, JsonBodyCountsAsAForm) {
  lenient({"json_body"});
  const auto ask = [&](const std::string& body) {
    return send("POST", "/token",
                {{"Authorization", basic("service", kSecret)}, {"Content-Type", "application/json; charset=utf-8"}},
                body);
  };
  EXPECT_EQ(ask(R"({"grant_type": "client_credentials", "scope": "api"})").response.status, 200);
  EXPECT_EQ(error_of(ask("[1]")), "invalid_request");
  EXPECT_EQ(error_of(ask("{")), "invalid_request");
  EXPECT_EQ(service_token().response.status, 200);
}

TEST_F(LeniencyTest, QueryParametersCountBesideTheBodyAndWithoutOne) {
  lenient({"query_parameters"});
  const oidc::Headers service{{"Authorization", basic("service", kSecret)}};
  EXPECT_EQ(post("/token?scope=api", {{"grant_type", "client_credentials"}}, service).response.status, 200);
  EXPECT_EQ(send("POST", "/token?grant_type=client_credentials", service).response.status, 200);
  EXPECT_EQ(error_of(post("/token?grant_type=password", {{"grant_type", "client_credentials"}}, service)),
            "invalid_request")
      << "twice is twice";
}

TEST_F(LeniencyTest, DuplicateParametersTheFirstCounts) {
  lenient({"duplicate_parameters"});
  EXPECT_EQ(body_of(service_token({{"scope", "api"}, {"scope", "profile"}})).at("scope"), "api");
  auto twice = authorization();
  twice.add("state", "other");
  EXPECT_EQ(redirect_of(authorize(twice)).value_or_empty("state"), "st-1");
}

TEST_F(LeniencyTest, TrueIsEverySwitch) {
  lenient(true);
  EXPECT_EQ(client_credentials({}, {{"Authorization", basic("service", "wrong")}}).response.status, 200);
  EXPECT_EQ(send("POST", "/token?grant_type=client_credentials&client_id=x&scope=a&scope=b").response.status, 200);
}

TEST_F(LeniencyTest, AClientsScopesAreTheOnlyOnesItMayAskFor) {
  const oidc::Json limited = {
      {{"id", "service"}, {"auth", "client_secret_basic"}, {"secret", kSecret}, {"scopes", {"openid", "api"}}}};
  for (const oidc::Json& switches : {oidc::Json(false), oidc::Json::array({"any_scope"})}) {
    start({{"clients", limited}, {"lenient", switches}});
    EXPECT_EQ(error_of(service_token({{"scope", "profile"}})), "invalid_scope");
    EXPECT_EQ(error_of(service_token({{"scope", "admin"}})), "invalid_scope");
    EXPECT_EQ(body_of(service_token({{"scope", "api"}})).at("scope"), "api");
    EXPECT_EQ(body_of(service_token()).at("scope"), "api");
  }
}

}  // namespace
}  // namespace mockserver::test
