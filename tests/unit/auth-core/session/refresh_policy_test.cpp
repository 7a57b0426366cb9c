#include <map>

#include "session_fixture.hpp"

namespace authcore::test {
namespace {

class RefreshPolicyTest : public SessionTest {
 protected:
  std::unique_ptr<RequestAuthenticator> with(const RefreshPolicy& policy) {
    return make_refreshing_authenticator(client_, environment_, {storage_, kKey}, policy);
  }
  /// After how many seconds a token of 1000 s is renewed.
  int renewed_after(const RefreshPolicy& policy, int lifetime = 1000) {
    seed(credential_of(tokens("A0", lifetime, "R0"), clock_.now()));
    const auto session = with(policy);
    client_.will_refresh(tokens("A1", lifetime, "R1"));
    int second = 0;
    while (token_of(*session) == "A0") {
      clock_.advance(seconds{1});
      ++second;
    }
    EXPECT_EQ(token_of(*session), "A1");
    return second;
  }
};

struct RatioCase {
  const char* name;
  double ratio;
  int second;
};
void PrintTo(const RatioCase& c, std::ostream* out) {
  *out << c.name;
}
class RatioTest : public RefreshPolicyTest, public ::testing::WithParamInterface<RatioCase> {};

TEST_P(RatioTest, SaysWhichPartOfTheLifetimeATokenIsUsed) {
  judges({"A-01", "RFR-002"});
  RefreshPolicy policy;
  policy.lifetime_ratio = GetParam().ratio;
  EXPECT_EQ(renewed_after(policy), GetParam().second);
}
INSTANTIATE_TEST_SUITE_P(Ratios, RatioTest,
                         ::testing::Values(RatioCase{"usual", 0.75, 751}, RatioCase{"half", 0.5, 501},
                                           RatioCase{"all", 1.0, 1000}, RatioCase{"beyond_all", 7.0, 1000},
                                           RatioCase{"at_once", 0.0, 1}, RatioCase{"negative", -3.0, 1}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(RefreshPolicyTest, KeepsAMarginBeforeTheExpiry) {
  judges({"A-01"});
  RefreshPolicy policy;
  policy.minimum_margin = seconds{400};
  EXPECT_EQ(renewed_after(policy), 600);
}

TEST_F(RefreshPolicyTest, HasAMarginOnlyWhereTheRatioLeavesLess) {
  RefreshPolicy policy;
  policy.minimum_margin = seconds{100};
  EXPECT_EQ(renewed_after(policy), 751);
}

TEST_F(RefreshPolicyTest, TakesAMarginOfHalfTheLifetimeAtMost) {
  RefreshPolicy policy;
  policy.minimum_margin = hours{1};
  EXPECT_EQ(renewed_after(policy), 500);
}

TEST_F(RefreshPolicyTest, SpreadsRenewalsOfTokensOfOneAge) {
  judges({"A-01"});
  RefreshPolicy policy;
  policy.jitter = 0.2;
  std::map<int, int> renewals;
  for (int program = 0; program < 20; ++program) {
    const int second = renewed_after(policy);
    EXPECT_GT(second, 600);
    EXPECT_LE(second, 751);
    ++renewals[second];
  }
  EXPECT_GT(renewals.size(), 10U);
}

TEST_F(RefreshPolicyTest, DrawsOncePerToken) {
  seed(credential_of(tokens("A0", 1000, "R0")));
  RefreshPolicy policy;
  policy.jitter = 1;
  oidc::SeededRandom same{1};
  const double part = static_cast<double>(same.below(1U << 20U)) / (1U << 20U);
  const int due = static_cast<int>(1000 * 0.75 * (1 - part)) + 1;
  const auto session = with(policy);
  client_.will_refresh(tokens("A1", 1000, "R1"));
  for (int second = 0; second < due; ++second) {
    ASSERT_EQ(token_of(*session), "A0") << second;
    clock_.advance(seconds{1});
  }
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshPolicyTest, AsksOnceForAThousandRequests) {
  judges({"RFR-020"});
  seed(credential_of(tokens("A0", 1000, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 1000, "R1"));
  for (int request = 0; request < 1500; ++request) {
    (void)token_of(*session);
    clock_.advance(seconds{1});
  }
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
}

}  // namespace
}  // namespace authcore::test
