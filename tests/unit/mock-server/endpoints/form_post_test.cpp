#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class FormPostTest : public IssuerTest {
 protected:
  static oidc::Form with(const std::string& name, const std::string& value) {
    auto form = authorization();
    form.set("response_mode", "form_post");
    form.set(name, value);
    return form;
  }
  static std::string field(const Reply& page, const std::string& name) {
    const std::string before = "name=\"" + name + "\" value=\"";
    const auto begin = page.response.body.find(before);
    const auto end = page.response.body.find('"', begin + before.size());
    return begin == std::string::npos ? "(absent)"
                                      : page.response.body.substr(begin + before.size(), end - begin - before.size());
  }
};

TEST_F(FormPostTest, APagePostsCodeStateAndIssToTheClient) {
  const auto reply = authorize(with("scope", "openid"));
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_FALSE(reply.response.headers.contains("Location"));
  EXPECT_THAT(reply.response.body, HasSubstr("<form method=\"post\" action=\"" + kCallback + "\">"));
  EXPECT_EQ(field(reply, "state"), "st-1");
  EXPECT_EQ(field(reply, "iss"), kBase);
  EXPECT_EQ(redeem(field(reply, "code")).response.status, 200);
}

TEST_F(FormPostTest, TheScriptThatSendsItIsTheOnlyOneAllowed) {
  const auto reply = authorize(with("scope", "openid"));
  EXPECT_THAT(reply.response.body, HasSubstr("<script>document.forms[0].submit()</script>"));
  // printf 'document.forms[0].submit()' | openssl dgst -sha256 -binary | base64
  EXPECT_THAT(header_of(reply, "Content-Security-Policy"),
              HasSubstr("script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='"));
  EXPECT_THAT(reply.response.body, HasSubstr("<button type=\"submit\">")) << "for browsers without scripts";
}

TEST_F(FormPostTest, ErrorsGoTheSameWay) {
  const auto reply = authorize(with("scope", "admin"));
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(field(reply, "error"), "invalid_scope");
  EXPECT_EQ(field(reply, "iss"), kBase);
}

TEST_F(FormPostTest, NothingIsPostedToAnUntrustedUri) {
  const auto reply = authorize(with("redirect_uri", "https://evil.test/"));
  EXPECT_EQ(reply.response.status, 400);
  EXPECT_THAT(reply.response.body, Not(HasSubstr("<form")));
}

TEST_F(FormPostTest, ADecisionOfTheApiIsPostedToo) {
  start({{"interaction", "api"}});
  const auto form = with("scope", "openid");
  ASSERT_TRUE(issuer_->decide_authorization(kBase + "/authorize?" + form.encode(), Decision::kDeny));
  EXPECT_EQ(field(authorize(form), "error"), "access_denied");
}

TEST_F(FormPostTest, DiscoveryNamesTheMode) {
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("response_modes_supported"),
            (oidc::Json{"query", "fragment", "form_post"}));
}

TEST_F(FormPostTest, AnEmptyStateIsNoState) {
  EXPECT_EQ(field(authorize(with("state", "")), "state"), "(absent)") << "RFC 6749 section 3.1";
}

}  // namespace
}  // namespace mockserver::test
