#include "http/challenge.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace authcore {
namespace {

std::optional<BearerChallenge> challenge(const std::string& field) {
  return bearer_challenge({{"WWW-Authenticate", field}});
}

TEST(BearerChallenge, TellsErrorAndScope) {
  // RFC 6750 §3, with what §3.1 adds.
  const auto told = challenge(
      R"(Bearer realm="example", error="insufficient_scope", error_description="a \"b\", error=c", scope="openid email")");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error, "insufficient_scope");
  EXPECT_EQ(told->scope, "openid email");
}

TEST(BearerChallenge, ReadsTokensAndNamesInAnyCase) {
  const auto told = challenge("bearer ERROR=invalid_token,scope=openid");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error, "invalid_token");
  EXPECT_EQ(told->scope, "openid");
}

TEST(BearerChallenge, MayTellNothing) {
  const auto told = challenge("Bearer realm=\"example\"");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->error, "");
  EXPECT_FALSE(challenge("Basic realm=\"example\", error=\"insufficient_scope\""));
  EXPECT_FALSE(bearer_challenge({}));
}

TEST(BearerChallenge, EndsWithWhatIsMalformed) {
  const std::vector<std::string> fields{"Bearer error=\"x", "Bearer error=\"x\\", "Bearer error=", "Bearer ,,",
                                        "Bearer ="};
  for (const std::string& field : fields) {
    EXPECT_TRUE(challenge(field)) << field;
  }
}

}  // namespace
}  // namespace authcore
