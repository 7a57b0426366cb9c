// The lines "URLs" of the checklist of protocol traps, one test each. Post-logout redirects and form_post have theirs
// where their pages are tested.

#include "../issuer_fixture.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/serving.hpp"

namespace mockserver::test {
namespace {

using ChecklistUrls = IssuerTest;

TEST_F(ChecklistUrls, IssIsTheSameByteForByteEverywhere) {
  for (const bool slash : {false, true}) {
    start({{"trailing_slash", slash}});
    const std::string expected = slash ? kBase + "/" : kBase;
    EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("issuer"), expected);
    EXPECT_EQ(redirect_of(authorize()).value_or_empty("iss"), expected);
    const auto tokens = login();
    EXPECT_EQ(claims_of(tokens, "id_token").at("iss"), expected);
    EXPECT_EQ(claims_of(tokens, "access_token").at("iss"), expected);
  }
}

TEST_F(ChecklistUrls, DiscoveryIsReachedInEveryForm) {
  for (const char* url : {"https://issuer.test/alpha/.well-known/openid-configuration",
                          "https://issuer.test/alpha/.well-known/oauth-authorization-server",
                          "https://issuer.test/.well-known/openid-configuration/alpha",
                          "https://issuer.test/.well-known/oauth-authorization-server/alpha",
                          "https://issuer.test/.well-known/oauth-authorization-server/alpha/"}) {
    EXPECT_EQ(issuer_->handle({"GET", url, {}, ""}).response.status, 200) << url;
  }
}

TEST_F(ChecklistUrls, TheRootIssuerWorks) {
  Issuers issuers{"https://root.test"};
  const auto clock = std::make_shared<oidc::VirtualClock>(kStart);
  ASSERT_TRUE(issuers.create("main", issuer_->config(), clock, Mount::kRoot));
  for (const char* form : {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
    const auto reply = issuers.handle({"GET", std::string{"https://root.test"} + form, {}, ""});
    EXPECT_EQ(body_of(reply).at("issuer"), "https://root.test");
    EXPECT_EQ(body_of(reply).at("token_endpoint"), "https://root.test/token");
  }
}

TEST_F(ChecklistUrls, PathsMatchByWholeSegments) {
  for (const char* url : {"https://issuer.test/alphabet/jwks", "https://issuer.test/alpha/jwksx",
                          "https://issuer.test/alpha/x/jwks", "https://issuer.test/x/alpha/jwks"}) {
    EXPECT_EQ(issuer_->handle({"GET", url, {}, ""}).response.status, 404) << url;
  }
}

TEST_F(ChecklistUrls, Ipv6HostsPortsAndForwardedFieldsOnlyWhenEnabled) {
  const oidc::Headers fields = {{"Host", "[::1]:8080"}, {"X-Forwarded-Host", "evil.example"}};
  const auto seen = [&](bool trusted) {
    Issuers issuers{"http://[::1]:8080"};
    if (trusted) {
      issuers.follow_requests();
    }
    EXPECT_TRUE(issuers.create("alpha", issuer_->config(), clock_));
    const auto served = issuer_handler(issuers, {.trust_forwarded = trusted})(
        {"GET", "http://[::1]:8080/alpha/.well-known/openid-configuration", fields, ""});
    return body_of(served.reply).at("issuer").get<std::string>();
  };
  EXPECT_EQ(seen(false), "http://[::1]:8080/alpha");
  EXPECT_EQ(seen(true), "http://evil.example/alpha");
}

TEST_F(ChecklistUrls, RedirectUriIsComparedExactlyButForTheLoopbackPort) {
  start({{"clients",
          {{{"id", "app"}, {"redirect_uris", {"http://127.0.0.1/callback", "https://app.test/cb?tenant=1"}}}}}});
  const auto status = [&](const std::string& uri) {
    auto form = authorization("openid");
    form.set("redirect_uri", uri);
    return authorize(form).response.status;
  };
  EXPECT_EQ(status("http://127.0.0.1:51234/callback"), 302);
  EXPECT_EQ(status("http://127.0.0.1:51234/callback/"), 400);
  EXPECT_EQ(status("https://app.test/cb?tenant=1"), 302);
  EXPECT_EQ(status("https://app.test:8443/cb?tenant=1"), 400);
  EXPECT_EQ(status("https://app.test/cb"), 400);
  EXPECT_EQ(status("https://app.test/cb?tenant=1#part"), 400);
}

TEST_F(ChecklistUrls, AQueryInTheRedirectUriIsKept) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {"https://app.test/cb?tenant=1"}}}}}});
  auto form = authorization("openid");
  form.set("redirect_uri", "https://app.test/cb?tenant=1");
  const auto parameters = redirect_of(authorize(form));
  EXPECT_EQ(parameters.value_or_empty("tenant"), "1");
  EXPECT_NE(parameters.value_or_empty("code"), "");
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
}

TEST_F(ChecklistUrls, DiscoveryTellsOnlyWhatIsEnabled) {
  start({{"endpoints", {{"revoke", false}, {"device_authorization", false}}}});
  const auto metadata = body_of(get("/.well-known/openid-configuration"));
  EXPECT_FALSE(metadata.contains("revocation_endpoint"));
  EXPECT_FALSE(metadata.contains("device_authorization_endpoint"));
  EXPECT_EQ(metadata.at("introspection_endpoint"), kBase + "/introspect");
  EXPECT_THAT(metadata.at("grant_types_supported").dump(), testing::HasSubstr("refresh_token"));
  EXPECT_EQ(metadata.at("response_types_supported").dump().find("none"), std::string::npos);
  EXPECT_EQ(post("/revoke", {{"token", "x"}}).response.status, 404);
}

}  // namespace
}  // namespace mockserver::test
