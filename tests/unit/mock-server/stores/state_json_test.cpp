// What comes back of a store that was written as JSON.

#include "stores/state_json.hpp"

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

TEST(BrowserStateTest, LoginsQuestionsAndConsentsComeBack) {
  const Login login{"ann", kStart + 7s, "urn:gold", {"hwk", "pin"}};
  BrowserStore before;
  before.log_in("cookie", login);
  before.begin({"asked", Purpose::kDevice, "cookie", "BCDF-GHJK", login});
  before.begin({"fresh", Purpose::kLogout, "cookie", "", std::nullopt});
  before.consent("ann", "app", {"openid"});

  BrowserStore after;
  after.restore(browsers_from(to_json(before.snapshot())));

  const auto again = after.login_of("cookie");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sub, "ann");
  EXPECT_EQ(again->auth_time, kStart + 7s);
  EXPECT_EQ(again->acr, "urn:gold");
  EXPECT_EQ(again->amr, (std::vector<std::string>{"hwk", "pin"}));
  const auto asked = after.find("asked", Purpose::kDevice, "cookie");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->request, "BCDF-GHJK");
  ASSERT_TRUE(asked->login);
  EXPECT_EQ(asked->login->sub, "ann");
  const auto fresh = after.find("fresh", Purpose::kLogout, "cookie");
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->login);
  EXPECT_TRUE(after.has_consented("ann", "app", {"openid"}));
  EXPECT_FALSE(after.has_consented("ann", "app", {"openid", "api"}));
  EXPECT_FALSE(after.has_consented("ann", "web", {"openid"}));
}

TEST(BrowserStateTest, TheSameStateIsTheSameText) {
  PushedStore one;
  PushedStore other;
  for (const char* uri : {"urn:1", "urn:2", "urn:3"}) {
    one.add(uri, {"app", {{"scope", "openid"}}, kStart + 60s}, kStart);
  }
  for (const char* uri : {"urn:3", "urn:1", "urn:2"}) {
    other.add(uri, {"app", {{"scope", "openid"}}, kStart + 60s}, kStart);
  }
  EXPECT_EQ(to_json(one.snapshot()), to_json(other.snapshot())) << "else the file would be written without a change";
}

}  // namespace
}  // namespace mockserver::test
