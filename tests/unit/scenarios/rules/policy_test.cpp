#include <gtest/gtest.h>

#include "scenarios/adapter.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using When = RefreshPolicy::When;

struct DueCase {
  const char* name;
  RefreshPolicy policy;
  oidc::Duration due;  ///< of a token that lives for an hour
};
class DueTest : public ::testing::TestWithParam<DueCase> {};

TEST_P(DueTest, IsASecondPastTheMomentThatTheClientDeclares) {
  EXPECT_EQ(GetParam().policy.due_after(1h), GetParam().due);
}

constexpr DueCase kDueCases[] = {
    {"AMinuteBefore", {When::kBefore, 60}, 3541s},   {"HalfASecondBefore", {When::kBefore, 0.5}, 3600s + 500ms},
    {"BeforeItIsIssued", {When::kBefore, 7200}, 0s}, {"ExactlyItsLifetimeBefore", {When::kBefore, 3600}, 0s},
    {"ThreeQuarters", {When::kRatio, 0.75}, 2701s},  {"AllOfIt", {When::kRatio, 1}, 3601s},
    {"AtExpiry", {When::kOnExpiry, 0}, 3601s},       {"On401", {When::kOn401, 0}, 3601s},
    {"OnRequest", {When::kOnRequest, 0}, 3601s},     {"Undeclared", {}, 3601s},
};
INSTANTIATE_TEST_SUITE_P(Policies, DueTest, ::testing::ValuesIn(kDueCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(RefreshPolicy, IsAheadWhereTheOldTokenIsStillGood) {
  EXPECT_TRUE((RefreshPolicy{When::kBefore, 1}.is_ahead()));
  EXPECT_TRUE((RefreshPolicy{When::kRatio, 0.5}.is_ahead()));
  for (const When when : {When::kUndeclared, When::kOnExpiry, When::kOn401, When::kOnRequest}) {
    EXPECT_FALSE(RefreshPolicy{when}.is_ahead());
  }
}

TEST(TimeKinds, HaveNames) {
  EXPECT_EQ(to_string(TimeKind::kVirtual), "virtual");
  EXPECT_EQ(to_string(TimeKind::kReal), "real");
  EXPECT_EQ(to_string(TimeKind::kFaked), "faketime");
}

}  // namespace
}  // namespace scenarios
