#include "../browser_fixture.hpp"

namespace mockserver::test {
namespace {

using testing::HasSubstr;

const std::string kGoodbye = "https://app.test/bye?x=1";

class LogoutTest : public BrowserTest {
 protected:
  void SetUp() override {
    const oidc::Json redirect_uris = {"http://127.0.0.1/callback"};
    start_with_pages({{"clients",
                       {{{"id", "app"}, {"redirect_uris", redirect_uris}, {"post_logout_redirect_uris", {kGoodbye}}},
                        {{"id", "other"}, {"redirect_uris", redirect_uris}}}}});
    const auto done = answer(sign_in(start_login(), "bob"), "approve");
    id_token_ = body_of(redeem(redirect_of(done).value_or_empty("code"))).at("id_token");
  }
  Reply log_out(const oidc::Form& form) { return open("/logout?" + form.encode()); }
  bool is_signed_in() { return redirect_of(start_login({{"prompt", "none"}})).contains("code"); }
  void expect_refused(const oidc::Form& form) {
    const auto reply = log_out(form);
    EXPECT_EQ(reply.response.status, 400);
    EXPECT_FALSE(reply.response.headers.contains("Location"));
    EXPECT_TRUE(is_signed_in());
  }

  std::string id_token_;
};

TEST_F(LogoutTest, WithTheUsersIdTokenTheBrowserIsSignedOutAndSentBack) {
  ASSERT_TRUE(is_signed_in());
  const auto reply = log_out({{"id_token_hint", id_token_}, {"post_logout_redirect_uri", kGoodbye}, {"state", "a&b"}});
  EXPECT_EQ(reply.response.status, 302);
  EXPECT_EQ(header_of(reply, "Location"), "https://app.test/bye?x=1&state=a%26b");
  EXPECT_FALSE(is_signed_in());
}

TEST_F(LogoutTest, WithoutAWayBackItSaysThatTheUserIsSignedOut) {
  EXPECT_EQ(title_of(log_out({{"id_token_hint", id_token_}})), "Signed out");
  EXPECT_FALSE(is_signed_in());
}

TEST_F(LogoutTest, AnExpiredIdTokenIsGoodEnough) {
  clock_.advance(7200s);
  EXPECT_EQ(title_of(log_out({{"id_token_hint", id_token_}})), "Signed out");
}

TEST_F(LogoutTest, WorksByPost) {
  const auto reply = submit("/logout", {{"id_token_hint", id_token_}, {"post_logout_redirect_uri", kGoodbye}});
  EXPECT_EQ(reply.response.status, 303);
  EXPECT_EQ(header_of(reply, "Location"), kGoodbye);
}

TEST_F(LogoutTest, WithoutAnIdTokenTheUserIsAsked) {
  const auto page = log_out({{"client_id", "app"}, {"post_logout_redirect_uri", kGoodbye}, {"state", "s"}});
  ASSERT_EQ(page.response.status, 200);
  EXPECT_EQ(title_of(page), "Sign out?");
  EXPECT_TRUE(is_signed_in());
  const auto done = answer(page, "logout", {}, "/logout");
  EXPECT_EQ(header_of(done, "Location"), kGoodbye + "&state=s");
  EXPECT_FALSE(is_signed_in());
}

TEST_F(LogoutTest, WhoStaysStays) {
  EXPECT_EQ(title_of(answer(log_out({}), "stay", {}, "/logout")), "Still signed in");
  EXPECT_TRUE(is_signed_in());
}

TEST_F(LogoutTest, AnotherSiteCannotPressTheButton) {
  const auto page = log_out({});
  const std::string mine = std::exchange(cookie_, "assay_session=other");
  EXPECT_EQ(answer(page, "logout", {}, "/logout").response.status, 400);
  cookie_ = mine;
  EXPECT_TRUE(is_signed_in());
}

TEST_F(LogoutTest, SomebodyElsesIdTokenAsksFirst) {
  const auto minted = issuer_->mint_token({.kind = "id", .client = "app", .sub = "ann"});
  EXPECT_EQ(title_of(log_out({{"id_token_hint", minted.value()}})), "Sign out?");
  EXPECT_TRUE(is_signed_in());
}

TEST_F(LogoutTest, TheWayBackMustBeRegisteredExactlyForTheClientOfTheHint) {
  for (const std::string uri : {"https://app.test/bye", "https://app.test/bye?x=1&y=2", "https://evil.test/"}) {
    expect_refused({{"id_token_hint", id_token_}, {"post_logout_redirect_uri", uri}});
  }
  expect_refused({{"id_token_hint", id_token_}, {"client_id", "other"}});
  expect_refused({{"client_id", "other"}, {"post_logout_redirect_uri", kGoodbye}});
  expect_refused({{"post_logout_redirect_uri", kGoodbye}});
  expect_refused({{"client_id", "nobody"}});
  expect_refused({{"id_token_hint", "nonsense"}});
  expect_refused({{"id_token_hint", id_token_}, {"state", "a"}, {"state", "b"}});
}

TEST_F(LogoutTest, DiscoveryTellsWhereItIs) {
  EXPECT_EQ(body_of(get("/.well-known/openid-configuration")).at("end_session_endpoint"), kBase + "/logout");
  start({{"endpoints", {{"logout", false}}}});
  EXPECT_FALSE(body_of(get("/.well-known/openid-configuration")).contains("end_session_endpoint"));
  EXPECT_EQ(get("/logout").response.status, 404);
}

}  // namespace
}  // namespace mockserver::test
