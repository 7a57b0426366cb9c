#include "checks/matchers.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

using oidc::Json;

std::vector<mockserver::Exchange> two_requests() {
  std::vector<mockserver::Exchange> exchanges(2);
  exchanges[0].seq = 1;
  exchanges[0].form = {{"state", "s-1"}};
  exchanges[1].seq = 2;
  exchanges[1].form = {{"state", "s-2"}};
  exchanges[1].headers = {{"X-Id", "s-1"}};
  return exchanges;
}

struct MatcherCase {
  const char* name;
  const char* matcher;
  const char* actual;  ///< "" : absent
  bool matches;
};

class MatcherTest : public ::testing::TestWithParam<MatcherCase> {};

TEST_P(MatcherTest, Judges) {
  const auto exchanges = two_requests();
  const Json matcher = Json::parse(GetParam().matcher);
  const std::string text = GetParam().actual;
  const Json actual = text.empty() ? Json{} : Json::parse(text);
  EXPECT_EQ(matches(matcher, text.empty() ? nullptr : &actual, {exchanges}), GetParam().matches);
}

constexpr MatcherCase kCases[] = {
    {"SameText", R"("a")", R"("a")", true},
    {"OtherText", R"("a")", R"("b")", false},
    {"NumberIsNotText", "5", R"("5")", false},
    {"Absent", R"("a")", "", false},
    {"Re", R"({"re": "^a.c$"})", R"("abc")", true},
    {"ReElsewhere", R"({"re": "^a.c$"})", R"("xabc")", false},
    {"ReOnNumber", R"({"re": "5"})", "5", false},
    {"Any", R"({"any": true})", "5", true},
    {"AnyIsNotAbsent", R"({"any": true})", "", false},
    {"AbsentWanted", R"({"absent": true})", "", true},
    {"AbsentButThere", R"({"absent": true})", "null", false},
    {"SameAs", R"({"same_as": "1.form.state"})", R"("s-1")", true},
    {"SameAsSecond", R"({"same_as": "2.form.state"})", R"("s-2")", true},
    {"SameAsHeader", R"({"same_as": "1.headers.x-id"})", R"("s-1")", true},
    {"SameAsNobody", R"({"same_as": "3.form.state"})", R"("s-2")", false},
    {"Subset", R"({"a": 1})", R"({"a": 1, "b": 2})", true},
    {"MissingMember", R"({"c": 1})", R"({"a": 1})", false},
    {"Nested", R"({"a": {"b": {"re": "x"}}})", R"({"a": {"b": "x", "c": 1}})", true},
    {"WholeArray", R"(["a"])", R"(["a", "b"])", false},
    {"ArrayOfMatchers", R"([{"any": true}, "b"])", R"(["a", "b"])", true},
    {"ObjectForText", R"({"a": 1})", R"("a")", false},
};
INSTANTIATE_TEST_SUITE_P(Values, MatcherTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Matchers, ARequestIsNotComparedWithItself) {
  const auto exchanges = two_requests();
  const Json matcher = {{"same_as", "1.form.state"}};
  const std::string own = "s-1";
  EXPECT_TRUE(matches_text(matcher, &own, {exchanges, 2}));
  EXPECT_FALSE(matches_text(matcher, &own, {exchanges, 1}));
}

TEST(Matchers, LongTextIsMatchedAsWell) {
  const auto exchanges = two_requests();
  const std::string text = std::string(1024 * 1024, 'a') + "b";
  EXPECT_TRUE(matches_text({{"re", "^(a|c)+b$"}}, &text, {exchanges}));
}

TEST(Matchers, TextOffTheWireIsComparedAsText) {
  const auto exchanges = two_requests();
  const std::string five = "5";
  EXPECT_TRUE(matches_text(Json(5), &five, {exchanges}));
  EXPECT_FALSE(matches_text(Json(6), &five, {exchanges}));
}

}  // namespace
}  // namespace scenarios
