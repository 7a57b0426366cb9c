// RFC 9126: pushed authorization requests.

#include "../dpop_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class ParTest : public IssuerTest {
 protected:
  Reply push(const oidc::Form& form = authorization(), const oidc::Headers& headers = {}) {
    return post("/par", form, headers);
  }
  std::string pushed(const oidc::Form& form = authorization()) { return body_of(push(form)).at("request_uri"); }
  Reply go(const std::string& request_uri, const std::string& client = "app") {
    return authorize({{"client_id", client}, {"request_uri", request_uri}});
  }
  static oidc::Form with(const std::string& name, const std::string& value) {
    auto form = authorization();
    form.set(name, value);
    return form;
  }
  static void expect_error(const Reply& reply, const std::string& error) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_EQ(error_of(reply), error) << reply.response.body;
  }
  static void expect_page(const Reply& reply) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_FALSE(reply.response.headers.contains("Location"));
  }
};

TEST_F(ParTest, APushedRequestIsAnsweredByAUriAndTheUriByACode) {
  const auto reply = push();
  ASSERT_EQ(reply.response.status, 201) << reply.response.body;
  EXPECT_EQ(body_of(reply).at("expires_in"), 90);
  const std::string uri = body_of(reply).at("request_uri");
  EXPECT_THAT(uri, testing::StartsWith("urn:ietf:params:oauth:request_uri:"));
  const auto redirect = go(uri);
  ASSERT_EQ(redirect.response.status, 302) << redirect.response.body;
  EXPECT_EQ(redirect_of(redirect).value_or_empty("state"), "st-1");
  EXPECT_EQ(claims_of(body_of(redeem(redirect_of(redirect).value_or_empty("code"))), "id_token").at("nonce"), "n-1");
}

TEST_F(ParTest, TheUriGivesOneCode) {
  const std::string uri = pushed();
  EXPECT_TRUE(redirect_of(go(uri)).contains("code"));
  const auto again = redirect_of(go(uri));
  EXPECT_EQ(again.value_or_empty("error"), "invalid_request_uri");
  EXPECT_FALSE(again.contains("code"));
}

TEST_F(ParTest, TheUriIsForItsClientAndExpires) {
  const std::string uri = pushed();
  expect_page(go(uri, "service"));
  expect_page(go("urn:ietf:params:oauth:request_uri:unknown"));
  clock_.advance(90s);
  expect_page(go(uri));
}

TEST_F(ParTest, ParametersBesideTheUriCountForNothing) {
  auto form = with("state", "another");
  form.set("scope", "admin");
  form.set("redirect_uri", "https://evil.test/");
  form.set("request_uri", pushed());
  const auto redirect = authorize(form);
  EXPECT_THAT(header_of(redirect, "Location"), testing::StartsWith(kCallback + "?code="));
  EXPECT_EQ(redirect_of(redirect).value_or_empty("state"), "st-1");
}

TEST_F(ParTest, WhatWouldBeRefusedLaterIsRefusedHere) {
  expect_error(push(with("redirect_uri", "https://evil.test/")), "invalid_request");
  expect_error(push(with("scope", "admin")), "invalid_scope");
  expect_error(push(with("response_type", "token")), "unsupported_response_type");
  expect_error(push(with("code_challenge_method", "plain")), "invalid_request");
  expect_error(push(with("request_uri", pushed())), "invalid_request");
}

TEST_F(ParTest, TheClientAuthenticatesAsAtTheTokenEndpoint) {
  EXPECT_EQ(error_of(push(with("client_id", "service"))), "invalid_client");
  auto form = with("client_id", "service-post");
  form.add("client_secret", kSecret);
  const std::string uri = pushed(form);
  const auto redirect = go(uri, "service-post");
  EXPECT_EQ(redirect.response.status, 302);
  for (const auto& exchange : issuer_->journal().exchanges()) {
    EXPECT_EQ(exchange.form.encode().find("s3cr3t"), std::string::npos);
  }
}

TEST_F(ParTest, WhatProvedTheClientIsNoParameterOfTheRequest) {
  start({{"claims", {{"access", {{"seen", "{{request.nonce}} {{request.client_secret}}"}}}}}});
  auto form = with("client_id", "service-post");
  form.add("client_secret", kSecret);
  const auto redirect = redirect_of(go(pushed(form), "service-post"));
  auto request = redemption(redirect.value_or_empty("code"));
  request.set("client_id", "service-post");
  request.set("client_secret", kSecret);
  EXPECT_EQ(claims_of(body_of(post("/token", request)), "access_token").at("seen"), "n-1 ");
}

TEST_F(ParTest, IssuerOrClientMayRequireIt) {
  start({{"require_par", true}});
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error"), "invalid_request");
  EXPECT_TRUE(redirect_of(go(pushed())).contains("code"));
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("require_pushed_authorization_requests"), true);
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {kCallback}}, {"require_par", true}}}}});
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error"), "invalid_request");
  EXPECT_TRUE(redirect_of(go(pushed())).contains("code"));
}

TEST_F(ParTest, TheControlApiDecidesOnItOnce) {
  start({{"interaction", "api"}});
  const oidc::Form request{{"client_id", "app"}, {"request_uri", pushed()}};
  const std::string url = kBase + "/authorize?" + request.encode();
  EXPECT_EQ(authorize(request).response.status, 200) << "nobody has decided";
  const auto decided = issuer_->decide_authorization(url, Decision::kApprove);
  EXPECT_THAT(decided.value(), testing::HasSubstr("code="));
  EXPECT_EQ(header_of(authorize(request), "Location"), decided.value());
  EXPECT_THAT(issuer_->decide_authorization(url, Decision::kApprove).value(),
              testing::HasSubstr("error=invalid_request_uri"));
}

TEST_F(ParTest, AProofBindsTheCode) {
  DpopMaker maker;
  const auto proof = [&](const std::string& path) { return maker.proof("POST", kBase + path, clock_.now()); };
  const std::string uri = body_of(push(authorization(), {{"DPoP", proof("/par")}})).at("request_uri");
  const std::string code = redirect_of(go(uri)).value_or_empty("code");
  EXPECT_EQ(post("/token", redemption(code), {{"DPoP", proof("/token")}}).response.status, 200);
  const std::string other = body_of(push(authorization(), {{"DPoP", proof("/par")}})).at("request_uri");
  EXPECT_EQ(error_of(redeem(redirect_of(go(other)).value_or_empty("code"))), "invalid_grant");
  expect_error(push(with("dpop_jkt", "another"), {{"DPoP", proof("/par")}}), "invalid_request");
}

TEST_F(ParTest, AProofIsNoMustHereWhereTokenRequestsNeedOne) {
  start({{"dpop", {{"required", true}}}});
  EXPECT_EQ(push().response.status, 201) << "RFC 9449 section 10.1: it may be there";
  expect_error(push(authorization(), {{"DPoP", "a.b.c"}}), "invalid_dpop_proof");
}

TEST_F(ParTest, RequestUrisOfOthersAreNotSupported) {
  EXPECT_EQ(redirect_of(authorize(with("request_uri", "https://app.test/request.jwt"))).value_or_empty("error"),
            "request_uri_not_supported");
}

TEST_F(ParTest, TheRulesOfFormEndpointsHold) {
  EXPECT_EQ(get("/par").response.status, 405);
  EXPECT_EQ(header_of(get("/par"), "Allow"), "POST, OPTIONS");
  EXPECT_EQ(header_of(push(), "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(push(with("scope", "admin")), "Cache-Control"), "no-store");
  auto twice = authorization();
  twice.add("state", "other");
  expect_error(push(twice), "invalid_request");
}

TEST_F(ParTest, DiscoveryNamesItUnlessItIsSwitchedOff) {
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("pushed_authorization_request_endpoint"),
            kBase + "/par");
  start({{"endpoints", {{"par", false}}}});
  EXPECT_FALSE(body_of(get("/.well-known/openid-configuration")).contains("pushed_authorization_request_endpoint"));
  EXPECT_EQ(push().response.status, 404);
}

TEST_F(ParTest, APostedRequestWaitsForItsDecisionByTheSameUri) {
  start({{"interaction", "api"}, {"require_par", true}});
  const oidc::Form request{{"client_id", "app"}, {"request_uri", pushed()}};
  const auto waiting = post("/authorize", request);
  EXPECT_EQ(waiting.response.status, 200);
  const std::string refresh = header_of(waiting, "Refresh");
  ASSERT_THAT(refresh, testing::StartsWith("1; url=/alpha/authorize?"));
  ASSERT_TRUE(issuer_->decide_authorization(kBase + "/authorize?" + request.encode(), Decision::kApprove));
  const auto decided = issuer_->handle({"GET", "https://issuer.test" + refresh.substr(7), {}, ""});
  EXPECT_TRUE(redirect_of(decided).contains("code"));
}

}  // namespace
}  // namespace mockserver::test
