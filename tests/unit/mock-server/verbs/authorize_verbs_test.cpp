// Verbs of the authorization response.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class AuthorizeVerbsTest : public IssuerTest {
 protected:
  void once(const oidc::Json& action) { script({{"when", {{"endpoint", "authorize"}}}, {"do", action}}); }
  bool delivered() { return issuer_->verdict().at("undelivered_steps").empty(); }
};

TEST_F(AuthorizeVerbsTest, DenyIsTheUsersNo) {
  once({{"deny", true}});
  const auto parameters = redirect_of(authorize());
  EXPECT_EQ(parameters.value_or_empty("error"), "access_denied");
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
  EXPECT_EQ(parameters.value_or_empty("iss"), kBase);
  EXPECT_FALSE(parameters.contains("code"));
  EXPECT_TRUE(delivered());
}

TEST_F(AuthorizeVerbsTest, StateIsWrongOrAbsent) {
  once({{"state", "wrong"}});
  const auto wrong = redirect_of(authorize());
  EXPECT_TRUE(wrong.contains("state"));
  EXPECT_NE(wrong.value_or_empty("state"), "st-1");
  EXPECT_TRUE(wrong.contains("code"));
  once({{"state", "omit"}});
  EXPECT_FALSE(redirect_of(authorize()).contains("state"));
  EXPECT_TRUE(delivered());
}

TEST_F(AuthorizeVerbsTest, StateThatWasNotSentCannotBeWrong) {
  once({{"state", "wrong"}});
  auto form = authorization();
  form.remove("state");
  EXPECT_FALSE(redirect_of(authorize(form)).contains("state"));
  EXPECT_FALSE(delivered());
}

TEST_F(AuthorizeVerbsTest, IssIsWrongOrAbsent) {
  once({{"iss", "wrong"}});
  const auto wrong = redirect_of(authorize());
  EXPECT_TRUE(wrong.contains("iss"));
  EXPECT_NE(wrong.value_or_empty("iss"), kBase);
  once({{"iss", "omit"}});
  EXPECT_FALSE(redirect_of(authorize()).contains("iss"));
}

TEST_F(AuthorizeVerbsTest, NoCodeHasNoErrorEither) {
  once({{"no_code", true}});
  const auto parameters = redirect_of(authorize());
  EXPECT_FALSE(parameters.contains("code"));
  EXPECT_FALSE(parameters.contains("error"));
  EXPECT_EQ(parameters.value_or_empty("state"), "st-1");
}

TEST_F(AuthorizeVerbsTest, CodeAndErrorComeTogetherAndTheCodeIsGood) {
  once({{"code_and_error", true}});
  const auto parameters = redirect_of(authorize());
  EXPECT_EQ(parameters.value_or_empty("error"), "access_denied");
  EXPECT_EQ(redeem(parameters.value_or_empty("code")).response.status, 200);
  once({{"code_and_error", "server_error"}});
  EXPECT_EQ(redirect_of(authorize()).value_or_empty("error"), "server_error");
}

TEST_F(AuthorizeVerbsTest, DuplicateCallbackIsAPageThatOpensTheRedirectTwice) {
  once({{"duplicate_callback", true}});
  const auto reply = authorize();
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_EQ(header_of(reply, "Location"), "(absent)");
  EXPECT_THAT(reply.response.body, testing::HasSubstr("<iframe title=\"first\" src=\"" + kCallback + "?code="));
  EXPECT_THAT(header_of(reply, "Refresh"), testing::StartsWith("1; url=" + kCallback + "?code="));
  EXPECT_THAT(reply.response.body, testing::Not(testing::HasSubstr("&state"))) << "ampersands are escaped";
  EXPECT_TRUE(delivered());
}

TEST_F(AuthorizeVerbsTest, APageHasNoCallback) {
  once({{"duplicate_callback", true}});
  auto form = authorization();
  form.set("redirect_uri", "https://evil.test/");
  EXPECT_EQ(authorize(form).response.status, 400);
  EXPECT_FALSE(delivered()) << "the request was not worth a step";
  EXPECT_EQ(issuer_->script().states().at(0).taken, 0U);
}

class FormPostVerbsTest : public AuthorizeVerbsTest {
 protected:
  /// The page that the script made of the answer to a request with response_mode=form_post.
  std::string page(const oidc::Json& action, const std::string& state = "st-1") {
    once(action);
    auto form = authorization();
    form.set("response_mode", "form_post");
    form.set("state", state);
    const auto reply = authorize(form);
    EXPECT_EQ(reply.response.status, 200);
    EXPECT_TRUE(delivered()) << action;
    EXPECT_THAT(reply.response.body, testing::HasSubstr("<form method=\"post\" action=\"" + kCallback + "\">"));
    return reply.response.body;
  }
  static std::string field(const std::string& name, const std::string& value) {
    return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + value + "\">";
  }
};

TEST_F(FormPostVerbsTest, WhatAPagePostsIsChangedAsARedirectIs) {
  EXPECT_THAT(page({{"state", "wrong"}}), testing::HasSubstr(field("state", "wrong-st-1")));
  EXPECT_THAT(page({{"state", "omit"}}), testing::Not(testing::HasSubstr("name=\"state\"")));
  EXPECT_THAT(page({{"iss", "wrong"}}), testing::HasSubstr(field("iss", kBase + "/other")));
  EXPECT_THAT(page({{"no_code", true}}), testing::Not(testing::HasSubstr("name=\"code\"")));
  EXPECT_THAT(page({{"code_and_error", true}}), testing::HasSubstr(field("error", "access_denied")));
  EXPECT_THAT(page({{"patch", {{"code", "another"}}}}), testing::HasSubstr(field("code", "another")));
}

TEST_F(FormPostVerbsTest, WhatIsNotChangedStaysToTheByte) {
  const std::string html = page({{"iss", "omit"}}, "<&\"'> x");
  EXPECT_THAT(html, testing::HasSubstr(field("state", "&lt;&amp;&quot;&apos;&gt; x")));
  EXPECT_THAT(html, testing::HasSubstr("<script>document.forms[0].submit()</script>"));
  EXPECT_THAT(html, testing::Not(testing::HasSubstr("name=\"iss\"")));
}

TEST_F(FormPostVerbsTest, APageThatAsksSomethingIsNoResponse) {
  start({{"interaction", "form"}});
  once({{"patch", {{"interaction", "another"}}}});
  const auto reply = authorize();
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_THAT(reply.response.body, testing::Not(testing::HasSubstr("another\"")));
  EXPECT_FALSE(delivered());
}

}  // namespace
}  // namespace mockserver::test
