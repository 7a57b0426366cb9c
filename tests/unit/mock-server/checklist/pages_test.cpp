// Lines of the checklist of protocol traps that are about the browser's way, one test each.
#include "../browser_fixture.hpp"

namespace mockserver::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class PagesChecklist : public IssuerTest {};

// Authorization errors: redirect (with `state`, and `iss`) once client and redirect_uri are trusted; a page, never a
// redirect, before that.
TEST_F(PagesChecklist, AuthorizationErrorsRedirectOnceTrustedAndAreAPageBefore) {
  auto form = authorization("api no-such-scope");
  const auto redirected = authorize(form);
  EXPECT_EQ(redirected.response.status, 302);
  EXPECT_EQ(redirect_of(redirected).value_or_empty("error"), "invalid_scope");
  EXPECT_EQ(redirect_of(redirected).value_or_empty("state"), "st-1");
  EXPECT_EQ(redirect_of(redirected).value_or_empty("iss"), kBase);
  for (const auto& [name, value] : oidc::Form{{"client_id", "nobody"}, {"redirect_uri", "https://evil.test/"}}) {
    form = authorization();
    form.set(name, value);
    const auto page = authorize(form);
    EXPECT_EQ(page.response.status, 400) << name;
    EXPECT_FALSE(page.response.headers.contains("Location")) << name;
    EXPECT_THAT(header_of(page, "Content-Type"), testing::StartsWith("text/html")) << name;
  }
}

// form_post works without `state` and escapes HTML.
TEST_F(PagesChecklist, FormPostWorksWithoutStateAndEscapesHtml) {
  auto form = authorization();
  form.set("response_mode", "form_post");
  form.remove("state");
  const auto without = authorize(form);
  EXPECT_EQ(without.response.status, 200);
  EXPECT_THAT(without.response.body, HasSubstr("name=\"code\""));
  EXPECT_THAT(without.response.body, Not(HasSubstr("name=\"state\"")));
  form.set("state", "\"><script>alert('1')</script>&amp;");
  const auto hostile = authorize(form);
  EXPECT_THAT(hostile.response.body, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(hostile.response.body,
              HasSubstr("value=\"&quot;&gt;&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt;&amp;amp;\""));
}

// post-logout `state` merged into an existing query.
TEST_F(PagesChecklist, PostLogoutStateIsMergedIntoAnExistingQuery) {
  start({{"clients",
          {{{"id", "app"},
            {"redirect_uris", {"http://127.0.0.1/callback"}},
            {"post_logout_redirect_uris", {"https://app.test/bye?from=assay", "https://app.test/plain"}}}}}});
  const auto id_token = login().at("id_token").get<std::string>();
  const auto way_back = [&](const std::string& uri) {
    const oidc::Form form{{"id_token_hint", id_token}, {"post_logout_redirect_uri", uri}, {"state", "x y"}};
    return header_of(get("/logout?" + form.encode()), "Location");
  };
  EXPECT_EQ(way_back("https://app.test/bye?from=assay"), "https://app.test/bye?from=assay&state=x+y");
  EXPECT_EQ(way_back("https://app.test/plain"), "https://app.test/plain?state=x+y");
}

// Authorize: deny without a browser (table row 76).
TEST_F(PagesChecklist, AnAuthorizationRequestIsDecidedWithoutABrowser) {
  const std::string url = kBase + "/authorize?" + authorization().encode();
  const auto yes = issuer_->decide_authorization(url, Decision::kApprove);
  EXPECT_THAT(yes.value(), testing::StartsWith(kCallback + "?code="));
  const auto no = issuer_->decide_authorization(url, Decision::kDeny);
  EXPECT_THAT(no.value(), HasSubstr("?error=access_denied&"));
  EXPECT_THAT(no.value(), HasSubstr("&state=st-1&"));
}

TEST_F(PagesChecklist, AMovedAuthorizationEndpointIsDecidedToo) {
  start({{"endpoints", {{"authorize", "/oauth/begin"}}}});
  const auto query = "?" + authorization().encode();
  EXPECT_TRUE(issuer_->decide_authorization(kBase + "/oauth/begin" + query, Decision::kApprove).has_value());
  EXPECT_FALSE(issuer_->decide_authorization(kBase + "/authorize" + query, Decision::kApprove).has_value());
}

}  // namespace
}  // namespace mockserver::test
