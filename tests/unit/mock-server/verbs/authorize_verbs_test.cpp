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

}  // namespace
}  // namespace mockserver::test
