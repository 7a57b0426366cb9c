// OIDC Core section 5.4: scopes decide which of the standard claims userinfo tells.

#include <algorithm>

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

struct ScopeCase {
  const char* scope;
  std::vector<std::string> claims;
};

class ClaimScopesTest : public IssuerTest, public testing::WithParamInterface<ScopeCase> {
 protected:
  std::vector<std::string> claims(const std::string& scope) {
    std::vector<std::string> names;
    const auto told = body_of(userinfo(login(scope).at("access_token")));
    for (const auto& [name, value] : told.items()) {
      names.push_back(name);
    }
    return names;
  }
};

TEST_P(ClaimScopesTest, UserinfoTellsWhatTheScopeAsksFor) {
  EXPECT_EQ(claims(GetParam().scope), GetParam().claims);
}
const ScopeCase kCases[] = {
    {"openid", {"sub"}},
    {"openid profile", {"name", "sub"}},
    {"openid email", {"email", "email_verified", "sub"}},
    {"openid address", {"address", "sub"}},
    {"openid phone", {"phone_number", "sub"}},
    {"openid profile email address phone", {"address", "email", "email_verified", "name", "phone_number", "sub"}},
};
INSTANTIATE_TEST_SUITE_P(OidcCoreSection54, ClaimScopesTest, testing::ValuesIn(kCases), [](const auto& test) {
  std::string name = test.param.scope;
  std::ranges::replace(name, ' ', '_');
  return name;
});

TEST_F(ClaimScopesTest, ARefreshWithLessScopeTellsLess) {
  const auto tokens = login("openid email offline_access");
  const auto narrower = body_of(refresh(tokens, {{"scope", "openid"}}));
  EXPECT_FALSE(body_of(userinfo(narrower.at("access_token"))).contains("email"));
  EXPECT_TRUE(body_of(userinfo(tokens.at("access_token"))).contains("email"));
}

TEST_F(ClaimScopesTest, AClaimOfAnyLanguageBelongsToItsScopeAndAnUnknownOneToNone) {
  start({{"users", {{{"sub", "u"}, {"claims", {{"name#ja-Kana-JP", "x"}, {"tier", "gold"}}}}}}});
  EXPECT_EQ(claims("openid"), (std::vector<std::string>{"sub", "tier"}));
  EXPECT_EQ(claims("openid profile"), (std::vector<std::string>{"name#ja-Kana-JP", "sub", "tier"}));
}

TEST_F(ClaimScopesTest, WhatTheConfigurationWritesIsToldToEverybody) {
  start({{"claims", {{"userinfo", {{"email", "{{user.sub}}@test"}}}}}});
  EXPECT_EQ(claims("openid"), (std::vector<std::string>{"email", "sub"}));
}

TEST_F(ClaimScopesTest, DiscoveryNamesTheScopes) {
  EXPECT_THAT(body_of(get("/.well-known/openid-configuration")).at("scopes_supported").get<std::vector<std::string>>(),
              testing::IsSupersetOf({"openid", "profile", "email", "address", "phone"}));
}

}  // namespace
}  // namespace mockserver::test
