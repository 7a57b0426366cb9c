#include <atomic>
#include <barrier>
#include <thread>
#include <utility>
#include <vector>

#include "../browser_fixture.hpp"

namespace mockserver::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class LoginPageTest : public BrowserTest {
 protected:
  /// Logs in and agrees.
  void sign_in_fully() {
    const auto reply = answer(sign_in(start_login(), "bob"), "approve");
    ASSERT_EQ(reply.response.status, 303) << reply.response.body;
  }
};

TEST_F(LoginPageTest, LoginThenConsentGivesACode) {
  const auto login = start_login();
  ASSERT_EQ(login.response.status, 200);
  EXPECT_EQ(title_of(login), "Sign in");
  const auto consent = sign_in(login, "ann", "pa ss&word");
  ASSERT_EQ(title_of(consent), "Allow access?");
  for (const char* scope : {"<li>openid</li>", "<li>offline_access</li>", "<li>api</li>"}) {
    EXPECT_THAT(consent.response.body, HasSubstr(scope));
  }
  clock_.advance(5s);
  const auto done = answer(consent, "approve");
  ASSERT_EQ(done.response.status, 303) << "a form must not be posted on to the client (RFC 9700 section 4.12)";
  EXPECT_EQ(redirect_of(done).value_or_empty("state"), "st-1");
  const auto claims = claims_of(body_of(redeem(redirect_of(done).value_or_empty("code"))), "id_token");
  EXPECT_EQ(claims.at("sub"), "ann");
  EXPECT_EQ(claims.at("auth_time"), 1893456000);
  EXPECT_EQ(claims.at("acr"), "urn:gold");
  EXPECT_EQ(claims.at("amr"), oidc::Json::array({"pwd"}));
}

TEST_F(LoginPageTest, AWrongPasswordOrNoAccountAsksAgain) {
  auto again = sign_in(start_login(), "ann", "wrong");
  EXPECT_EQ(again.response.status, 400);
  EXPECT_THAT(again.response.body, HasSubstr("role=\"alert\">The password is wrong."));
  again = sign_in(again, "stranger");
  EXPECT_THAT(again.response.body, HasSubstr("Choose an account."));
  EXPECT_EQ(title_of(sign_in(again, "ann", "pa ss&word")), "Allow access?");
}

TEST_F(LoginPageTest, DenyingAnywhereIsAccessDenied) {
  EXPECT_EQ(redirect_of(answer(start_login(), "deny")).value_or_empty("error"), "access_denied");
  EXPECT_EQ(redirect_of(answer(sign_in(start_login(), "bob"), "deny")).value_or_empty("error"), "access_denied");
  const auto nay = answer(sign_in(start_login({{"prompt", "login"}}), "nay"), "approve");
  EXPECT_EQ(redirect_of(nay).value_or_empty("error"), "access_denied");
}

TEST_F(LoginPageTest, ASessionIsNotAskedAgain) {
  sign_in_fully();
  EXPECT_TRUE(redirect_of(start_login()).contains("code"));
  EXPECT_TRUE(redirect_of(start_login({{"prompt", "none"}})).contains("code"));
  EXPECT_EQ(title_of(start_login({{"scope", "openid profile"}})), "Allow access?") << "a new scope";
}

TEST_F(LoginPageTest, PromptNoneNeverShowsAPage) {
  EXPECT_EQ(redirect_of(start_login({{"prompt", "none"}})).value_or_empty("error"), "login_required");
  sign_in_fully();
  const auto wider = start_login({{"prompt", "none"}, {"scope", "openid profile"}});
  EXPECT_EQ(redirect_of(wider).value_or_empty("error"), "consent_required");
}

TEST_F(LoginPageTest, PromptAsksAlthoughThereIsASession) {
  sign_in_fully();
  EXPECT_EQ(title_of(start_login({{"prompt", "login"}})), "Sign in");
  EXPECT_EQ(title_of(start_login({{"prompt", "select_account"}})), "Sign in");
  EXPECT_EQ(title_of(start_login({{"prompt", "consent"}})), "Allow access?");
}

TEST_F(LoginPageTest, AHintOfSomebodyElseAsksAlthoughThereIsASession) {
  const auto ann = issuer_->mint_session({.client = "app", .sub = "ann", .issued_at = kStart}).value().at("id_token");
  sign_in_fully();
  EXPECT_EQ(title_of(start_login({{"id_token_hint", ann}})), "Sign in");
  const auto silent = start_login({{"id_token_hint", ann}, {"prompt", "none"}});
  EXPECT_EQ(redirect_of(silent).value_or_empty("error"), "login_required");
}

TEST_F(LoginPageTest, MaxAgeAsksOnceTheLoginIsTooOld) {
  sign_in_fully();
  clock_.advance(60s);
  EXPECT_TRUE(redirect_of(start_login({{"max_age", "60"}})).contains("code"));
  EXPECT_EQ(title_of(start_login({{"max_age", "0"}})), "Sign in");
  clock_.advance(1s);
  const auto old = start_login({{"max_age", "60"}});
  ASSERT_EQ(title_of(old), "Sign in");
  const auto fresh = sign_in(old, "bob");
  const auto claims = claims_of(body_of(redeem(redirect_of(fresh).value_or_empty("code"))), "id_token");
  EXPECT_EQ(claims.at("auth_time"), 1893456061);
}

TEST_F(LoginPageTest, LoginHintMarksTheAccount) {
  EXPECT_THAT(start_login({{"login_hint", "bob"}}).response.body, HasSubstr("value=\"bob\" checked"));
  EXPECT_THAT(start_login().response.body, HasSubstr("value=\"ann\" checked"));
}

TEST_F(LoginPageTest, OnlyTheBrowserThatWasAskedCanAnswerAndOnlyOnce) {
  const auto page = start_login();
  const auto consent = sign_in(page, "bob");
  const std::string mine = std::exchange(cookie_, "");
  EXPECT_EQ(answer(consent, "approve").response.status, 400) << "a form that another site sends has no cookie";
  cookie_ = "assay_session=somebody-else";
  EXPECT_EQ(answer(consent, "approve").response.status, 400);
  cookie_ = mine;
  EXPECT_EQ(answer(consent, "approve").response.status, 303);
  EXPECT_EQ(answer(consent, "approve").response.status, 400);
}

TEST_F(LoginPageTest, OfEightAnswersAtOnceOneGetsACode) {
  const auto consent = sign_in(start_login(), "bob");
  const oidc::Form form{{"interaction", hidden_field(consent)}, {"action", "approve"}};
  std::atomic<int> codes{0};
  std::barrier together{8};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      codes += post("/authorize", form, {{"Cookie", cookie_}}).response.status == 303 ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(codes, 1);
}

TEST_F(LoginPageTest, TheCookieChangesWithTheLoginAndIsLocked) {
  const auto page = start_login();
  EXPECT_THAT(header_of(page, "Set-Cookie"), HasSubstr("; Path=/alpha; HttpOnly; SameSite=Lax; Secure"));
  const std::string before = cookie_;
  sign_in(page, "bob");
  EXPECT_NE(cookie_, before);
}

TEST_F(LoginPageTest, ConsentWithoutALoginIsTheLoginPage) {
  EXPECT_EQ(title_of(answer(start_login(), "approve")), "Sign in");
}

TEST_F(LoginPageTest, PagesRunNoForeignScriptAndStandInNoFrame) {
  const auto page = start_login();
  const auto policy = header_of(page, "Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("script-src")));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
}

TEST_F(LoginPageTest, WhatUsersAndClientsAreCalledIsEscaped) {
  start_with_pages({{"users", {{{"sub", "<b>x</b>"}, {"claims", {{"name", "\"><script>1</script>"}}}}}}});
  const auto page = start_login();
  EXPECT_THAT(page.response.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(page.response.body, HasSubstr("&lt;b&gt;x&lt;/b&gt;"));
}

TEST_F(LoginPageTest, TheJournalHasNoPasswordAndNoIdOfAPage) {
  const auto page = start_login();
  sign_in(page, "ann", "pa ss&word");
  for (const Exchange& exchange : issuer_->journal().exchanges()) {
    const std::string text = oidc::to_text(to_json(exchange));
    EXPECT_THAT(text, Not(HasSubstr("pa ss")));
    EXPECT_THAT(text, Not(HasSubstr(hidden_field(page))));
    EXPECT_THAT(text, Not(HasSubstr(cookie_)));
  }
}

class DevicePageTest : public BrowserTest {
 protected:
  Reply type(const std::string& code) { return submit("/device", {{"user_code", code}}); }
  const std::string kPage = "/device";
};

TEST_F(DevicePageTest, TheTypedCodeLeadsToLoginAndConsent) {
  const auto grant = device();
  EXPECT_EQ(title_of(open(kPage)), "Connect a device");
  const auto consent = sign_in(type(grant.at("user_code")), "bob", "", kPage);
  EXPECT_THAT(consent.response.body, HasSubstr(grant.at("user_code").get<std::string>()));
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
  EXPECT_EQ(title_of(answer(consent, "approve", {}, kPage)), "Device connected");
  clock_.advance(5s);
  const auto tokens = body_of(poll(grant));
  EXPECT_EQ(claims_of(tokens, "id_token").at("sub"), "bob");
  EXPECT_EQ(claims_of(tokens, "id_token").at("auth_time"), 1893456000);
}

TEST_F(DevicePageTest, TheCompleteUriFillsTheCodeInButApprovesNothing) {
  const auto grant = device();
  const auto url = grant.at("verification_uri_complete").get<std::string>();
  const auto page = open(url.substr(kBase.size()));
  EXPECT_EQ(title_of(page), "Connect a device");
  EXPECT_THAT(page.response.body, HasSubstr("value=\"" + grant.at("user_code").get<std::string>() + "\""));
  EXPECT_EQ(error_of(poll(grant)), "authorization_pending");
}

TEST_F(DevicePageTest, DenyingIsAccessDenied) {
  const auto grant = device();
  EXPECT_EQ(title_of(answer(type(grant.at("user_code")), "deny", {}, kPage)), "Access denied");
  EXPECT_EQ(error_of(poll(grant)), "access_denied");
}

TEST_F(DevicePageTest, AUserWhoDeniesDeniesWhateverIsPressed) {
  const auto grant = device();
  const auto consent = sign_in(type(grant.at("user_code")), "nay", "", kPage);
  EXPECT_EQ(title_of(answer(consent, "approve", {}, kPage)), "Access denied");
  EXPECT_EQ(error_of(poll(grant)), "access_denied");
}

TEST_F(DevicePageTest, UnknownExpiredAndUsedCodesAskAgain) {
  const auto grant = device();
  for (const std::string code : {"", "XXXX-XXXX", "<script>"}) {
    EXPECT_EQ(type(code).response.status, 400) << code;
  }
  clock_.advance(600s);
  EXPECT_THAT(type(grant.at("user_code")).response.body, HasSubstr("role=\"alert\""));
}

TEST_F(DevicePageTest, WithoutPagesTheControlApiDecides) {
  start(oidc::Json::object());
  EXPECT_THAT(open(kPage).response.body, HasSubstr("control API"));
}

/// How a browser marks a form that another page made it send.
class ForeignFormTest : public BrowserTest, public testing::WithParamInterface<oidc::Headers> {};

TEST_P(ForeignFormTest, AnswersNoPage) {
  const auto login = start_login();
  const auto consent = sign_in(login, "bob");
  const oidc::Form yes{{"interaction", hidden_field(consent)}, {"action", "approve"}};
  const auto refused = submit("/authorize", yes, GetParam());
  EXPECT_EQ(refused.response.status, 403);
  EXPECT_FALSE(refused.response.headers.contains("Location"));
  EXPECT_TRUE(redirect_of(submit("/authorize", yes)).contains("code")) << "the question is still open";
  const auto logout = open("/logout");
  const oidc::Form out{{"interaction", hidden_field(logout)}, {"action", "logout"}};
  EXPECT_EQ(submit("/logout", out, GetParam()).response.status, 403);
  EXPECT_EQ(title_of(submit("/logout", out)), "Signed out");
}

TEST_P(ForeignFormTest, NeitherDoesItConnectADevice) {
  const std::string code = device().at("user_code");
  const auto consent = sign_in(submit("/device", {{"user_code", code}}), "bob", "", "/device");
  const oidc::Form yes{{"interaction", hidden_field(consent)}, {"action", "approve"}};
  EXPECT_EQ(submit("/device", yes, GetParam()).response.status, 403);
  EXPECT_EQ(title_of(submit("/device", yes)), "Device connected");
}

INSTANTIATE_TEST_SUITE_P(Pages, ForeignFormTest,
                         testing::Values(oidc::Headers{{"Sec-Fetch-Site", "cross-site"}},
                                         oidc::Headers{{"Sec-Fetch-Site", "same-site"}},
                                         oidc::Headers{{"Origin", "https://evil.test"}},
                                         oidc::Headers{{"Origin", "https://issuer.test:8443"}},
                                         oidc::Headers{{"Origin", "null"}}));

TEST_F(LoginPageTest, AFormOfOurOwnPageIsTaken) {
  const auto consent = sign_in(start_login(), "bob");
  const oidc::Form yes{{"interaction", hidden_field(consent)}, {"action", "approve"}};
  const auto done = submit("/authorize", yes, {{"Origin", "https://issuer.test"}, {"Sec-Fetch-Site", "same-origin"}});
  EXPECT_TRUE(redirect_of(done).contains("code"));
}

TEST_F(LoginPageTest, ARequestThatAnotherSitePostedIsAskedForAgainWithTheCookie) {
  sign_in_fully();
  const std::string session = std::exchange(cookie_, "");  // SameSite=Lax: a browser leaves it out
  const auto again = submit("/authorize", authorization(), {{"Sec-Fetch-Site", "cross-site"}});
  ASSERT_EQ(again.response.status, 303);
  EXPECT_FALSE(again.response.headers.contains("Set-Cookie")) << "it would put an end to the session";
  const std::string location = header_of(again, "Location");
  ASSERT_THAT(location, testing::StartsWith("/alpha/authorize?"));
  cookie_ = session;
  EXPECT_TRUE(redirect_of(open(location.substr(std::string{"/alpha"}.size()))).contains("code"));
  for (const auto& [path, form] : {std::pair{"/logout", oidc::Form{{"client_id", "app"}}},
                                   std::pair{"/device", oidc::Form{{"user_code", "BCDF-GHJK"}}}}) {
    const auto other = submit(path, form, {{"Sec-Fetch-Site", "cross-site"}});
    EXPECT_EQ(header_of(other, "Location"), std::string{"/alpha"} + path + "?" + form.encode());
    EXPECT_FALSE(other.response.headers.contains("Set-Cookie"));
  }
}

}  // namespace
}  // namespace mockserver::test
