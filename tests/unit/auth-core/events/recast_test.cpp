#include "oidc/recast.hpp"

#include "judges.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::judges;

TEST(Recast, KeepsTextAndCause) {
  judges({"EXC-005", "EXC-006"});
  Error error{Errc::kMalformedResponse, "the body is empty"};
  error.http_status = 200;
  error.definite = false;
  const Result<int> result = recast(Result<int>{error}, Errc::kConfig);
  ASSERT_THAT(result, FailsWith(Errc::kConfig, testing::Eq("the body is empty (malformed_response)")));
  EXPECT_EQ(result.error().http_status, 200);
  EXPECT_FALSE(result.error().definite);
  ASSERT_NE(result.error().cause, nullptr);
  EXPECT_EQ(result.error().cause->code, Errc::kMalformedResponse);
  EXPECT_EQ(result.error().cause->message, "the body is empty");
}

TEST(Recast, PassesValuesAndUnlistedFailures) {
  judges({"EXC-006"});
  EXPECT_EQ(recast(Result<int>{5}, Errc::kConfig).value(), 5);
  const Result<int> other = recast(Result<int>{Error{Errc::kNetwork, "down"}}, Errc::kConfig, {Errc::kServer});
  EXPECT_THAT(other, FailsWith(Errc::kNetwork, testing::Eq("down")));
  EXPECT_EQ(other.error().cause, nullptr);
}

TEST(Recast, TakesWhatLiesBelowAListedKind) {
  judges({"EXC-006"});
  const Result<int> timeout{Error{Errc::kTimeout, "slow"}};
  EXPECT_THAT(recast(timeout, Errc::kConfig, {Errc::kServer, Errc::kNetwork}), FailsWith(Errc::kConfig));
}

TEST(Recast, AppliesInsideOut) {
  judges({"EXC-006"});
  const auto inner = recast(Result<int>{Error{Errc::kTimeout, "slow"}}, Errc::kServer, {Errc::kNetwork});
  const auto outer = recast(inner, Errc::kConfig, {Errc::kServer});
  ASSERT_THAT(outer, FailsWith(Errc::kConfig, testing::Eq("slow (timeout) (server)")));
  EXPECT_EQ(outer.error().cause->code, Errc::kServer);
  EXPECT_EQ(outer.error().cause->cause->code, Errc::kTimeout);
}

}  // namespace
}  // namespace oidc
