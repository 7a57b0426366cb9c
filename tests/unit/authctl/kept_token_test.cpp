#include "kept_token.hpp"

#include <gtest/gtest.h>

namespace authctl {
namespace {

authcore::Credential granted(const oidc::Json& scope) {
  return authcore::Credential::from_response({{"access_token", "at-1"}, {"scope", scope}}, oidc::TimePoint{}).value();
}

TEST(ScopesNotGranted, AreThoseThatTheTokenLacks) {
  EXPECT_EQ(scopes_not_granted(granted("openid api"), {"api", "openid"}), "");
  EXPECT_EQ(scopes_not_granted(granted("openid api"), {}), "");
  EXPECT_EQ(scopes_not_granted(granted("openid api"), {"api", "mail", "more"}), "the scope mail more");
  EXPECT_EQ(scopes_not_granted(granted("openid api"), {"openid ap"}), "the scope ap") << "several in one option";
}

TEST(ScopesNotGranted, AreNoneIfTheServerDoesNotSay) {
  // RFC 6749 §5.1: scope is left out if it is what was asked for.
  EXPECT_EQ(scopes_not_granted(granted(nullptr), {"api"}), "");
}

TEST(ScopesNotGranted, CountNoOfflineAccess) {
  EXPECT_EQ(scopes_not_granted(granted("openid"), {"openid", "offline_access"}), "");
}

}  // namespace
}  // namespace authctl
