#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class AuthorizeTest : public IssuerTest {
 protected:
  static oidc::Form with(const std::string& name, const std::string& value) {
    auto form = authorization();
    form.set(name, value);
    return form;
  }
  static oidc::Form without(const std::string& name) {
    auto form = authorization();
    form.remove(name);
    return form;
  }
  void expect_page(const Reply& reply) {
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_FALSE(reply.response.headers.contains("Location"));
    EXPECT_THAT(header_of(reply, "Content-Type"), testing::StartsWith("text/html"));
  }
  void expect_redirect(const Reply& reply, const std::string& error) {
    ASSERT_EQ(reply.response.status, 302) << reply.response.body;
    EXPECT_EQ(redirect_of(reply).value_or_empty("error"), error);
    EXPECT_EQ(redirect_of(reply).value_or_empty("state"), "st-1");
    EXPECT_EQ(redirect_of(reply).value_or_empty("iss"), kBase);
    EXPECT_FALSE(redirect_of(reply).contains("code"));
  }
};

TEST_F(AuthorizeTest, RedirectsWithCodeStateAndIss) {
  const auto reply = authorize();
  ASSERT_EQ(reply.response.status, 302);
  EXPECT_THAT(header_of(reply, "Location"), testing::StartsWith(kCallback + "?code="));
  EXPECT_EQ(redirect_of(reply).value_or_empty("state"), "st-1");
  EXPECT_EQ(redirect_of(reply).value_or_empty("iss"), kBase);
}

TEST_F(AuthorizeTest, NothingIsRedirectedBeforeClientAndUriAreTrusted) {
  expect_page(authorize(with("client_id", "nobody")));
  expect_page(authorize(with("redirect_uri", "https://evil.test/callback")));
  expect_page(authorize(with("redirect_uri", "http://127.0.0.1:1/other")));
  expect_page(authorize(with("redirect_uri", kCallback + "#fragment")));
  expect_page(authorize(without("redirect_uri")));
  auto twice = authorization();
  twice.add("redirect_uri", "https://evil.test/");
  expect_page(authorize(twice));
}

TEST_F(AuthorizeTest, LaterErrorsAreRedirected) {
  expect_redirect(authorize(with("response_type", "code2")), "unsupported_response_type");
  expect_redirect(authorize(without("response_type")), "invalid_request");
  expect_redirect(authorize(with("scope", "api admin")), "invalid_scope");
  expect_redirect(authorize(with("response_mode", "web_message")), "invalid_request");
  expect_redirect(authorize(with("request", "x")), "request_not_supported");
  expect_redirect(authorize(with("prompt", "none login")), "invalid_request");
  auto twice = authorization();
  twice.add("scope", "api");
  expect_redirect(authorize(twice), "invalid_request");
}

TEST_F(AuthorizeTest, PkceIsS256OrNothingAndPublicClientsNeedIt) {
  expect_redirect(authorize(without("code_challenge")), "invalid_request");
  expect_redirect(authorize(without("code_challenge_method")), "invalid_request");  // would be "plain"
  expect_redirect(authorize(with("code_challenge_method", "plain")), "invalid_request");
  expect_redirect(authorize(with("code_challenge", "short")), "invalid_request");
  auto form = without("code_challenge");
  form.remove("code_challenge_method");
  expect_redirect(authorize(form), "invalid_request");
}

TEST_F(AuthorizeTest, LoopbackMatchesAnyPortOthersExactly) {
  start({{"clients",
          {{{"id", "app"},
            {"redirect_uris", {"http://127.0.0.1/callback", "https://app.test/cb?x=1", "http://app.test:80/"}}}}}});
  EXPECT_EQ(authorize(with("redirect_uri", "http://127.0.0.1:54321/callback")).response.status, 302);
  const auto kept = authorize(with("redirect_uri", "https://app.test/cb?x=1"));
  EXPECT_THAT(header_of(kept, "Location"), testing::StartsWith("https://app.test/cb?x=1&code="));
  expect_page(authorize(with("redirect_uri", "https://app.test:8443/cb?x=1")));
  expect_page(authorize(with("redirect_uri", "http://app.test/")));
}

struct RedirectCase {
  const char* name;
  const char* registered;
  const char* asked;
  bool good;
};
class RedirectUriTest : public AuthorizeTest, public testing::WithParamInterface<RedirectCase> {};

TEST_P(RedirectUriTest, IsExactButForThePortOfHttpOnLoopback) {
  start({{"clients", {{{"id", "app"}, {"redirect_uris", {GetParam().registered}}}}}});
  const auto reply = authorize(with("redirect_uri", GetParam().asked));
  EXPECT_EQ(reply.response.status, GetParam().good ? 302 : 400);
}
constexpr RedirectCase kRedirectCases[] = {
    {"Ipv4", "http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", true},
    {"Ipv6", "http://[::1]/cb", "http://[::1]:5000/cb", true},
    {"Localhost", "http://localhost/cb", "http://localhost:5000/cb", true},
    {"Https", "https://127.0.0.1/cb", "https://127.0.0.1:5000/cb", false},
    {"HttpsExact", "https://127.0.0.1:5000/cb", "https://127.0.0.1:5000/cb", true},
    {"OtherLoopbackAddress", "http://127.0.0.2/cb", "http://127.0.0.2:5000/cb", false},
    {"AnotherHost", "http://127.0.0.1/cb", "http://localhost:5000/cb", false},
    {"AnotherPath", "http://127.0.0.1/cb", "http://127.0.0.1:5000/cb2", false},
    {"AnotherQuery", "http://127.0.0.1/cb?x=1", "http://127.0.0.1:5000/cb?x=2", false},
    {"PrivateUse", "com.example.app:/cb", "com.example.app:/cb", true},
    {"AnotherPrivateUse", "com.example.app:/cb", "com.example.app:/cb2", false},
    {"UserInfo", "http://127.0.0.1/cb", "http://127.0.0.1:5000@evil.test/cb", false},
};
INSTANTIATE_TEST_SUITE_P(Rfc8252Section73, RedirectUriTest, testing::ValuesIn(kRedirectCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(AuthorizeTest, PostWorksLikeGet) {
  const auto reply = post("/authorize", authorization());
  EXPECT_EQ(reply.response.status, 303) << "what was posted is not posted on (RFC 9700 section 4.12)";
  EXPECT_EQ(redeem(redirect_of(reply).value_or_empty("code")).response.status, 200);
  EXPECT_EQ(send("POST", "/authorize", {{"Content-Type", "text/plain"}}, authorization().encode()).response.status,
            400);
}

TEST_F(AuthorizeTest, WaitsForTheDecisionOfTheApi) {
  start({{"interaction", "api"}});
  const auto waiting = authorize();
  EXPECT_EQ(waiting.response.status, 200);
  EXPECT_EQ(header_of(waiting, "Refresh"), "1");
  const auto redirect =
      issuer_->decide_authorization(kBase + "/authorize?" + authorization().encode(), Decision::kApprove);
  EXPECT_EQ(header_of(authorize(), "Location"), redirect.value());
  EXPECT_EQ(authorize().response.status, 200) << "a decision is for one request";
  expect_redirect(authorize(with("prompt", "none")), "login_required");
}

TEST_F(AuthorizeTest, APostedRequestWaitsByGet) {
  start({{"interaction", "api"}});
  EXPECT_EQ(header_of(post("/authorize", authorization()), "Refresh"),
            "1; url=/alpha/authorize?" + authorization().encode());
}

TEST_F(AuthorizeTest, DenialIsAccessDenied) {
  const auto redirect =
      issuer_->decide_authorization(kBase + "/authorize?" + authorization().encode(), Decision::kDeny);
  EXPECT_THAT(redirect.value(), testing::HasSubstr("error=access_denied"));
}

TEST_F(AuthorizeTest, DecisionOnABrokenRequestIsInvalidArgument) {
  for (const std::string& url : {kBase + "/authorize?client_id=nobody", kBase + "/token", std::string{"nonsense"}}) {
    EXPECT_EQ(issuer_->decide_authorization(url, Decision::kApprove).error().code, oidc::Errc::kInvalidArgument) << url;
  }
}

}  // namespace
}  // namespace mockserver::test
