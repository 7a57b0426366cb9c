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
    {"Re", R"({"re": "a.c"})", R"("abc")", true},
    {"ReIsOfTheWholeText", R"({"re": "a.c"})", R"("xabcx")", false},
    {"ReWithItsOwnAnchors", R"({"re": "^a.c$"})", R"("abc")", true},
    {"ReOfAPartByItsOwnWill", R"({"re": ".*b.*"})", R"("abc")", true},
    {"Contains", R"({"contains": "b"})", R"("abc")", true},
    {"ContainsNot", R"({"contains": "x"})", R"("abc")", false},
    {"ContainsIsNoPattern", R"({"contains": "a.c"})", R"("abc")", false},
    {"LongEnough", R"({"min_length": 3})", R"("abc")", true},
    {"TooShort", R"({"min_length": 4})", R"("abc")", false},
    {"ShortEnough", R"({"max_length": 3})", R"("abc")", true},
    {"TooLong", R"({"max_length": 2})", R"("abc")", false},
    {"Unreserved", R"({"charset": "unreserved"})", R"("aZ09-._~")", true},
    {"Reserved", R"({"charset": "unreserved"})", R"("a+b")", false},
    {"Base64url", R"({"charset": "base64url"})", R"("aZ09-_")", true},
    {"PlainBase64", R"({"charset": "base64url"})", R"("aZ09+/=")", false},
    {"AnyCharset", R"({"charset": "any"})", R"("a b+")", true},
    {"LengthAndCharset", R"({"min_length": 3, "charset": "base64url"})", R"("abc")", true},
    {"LengthButNotCharset", R"({"min_length": 3, "charset": "base64url"})", R"("a~c")", false},
    {"CharsetButNotLength", R"({"min_length": 4, "charset": "base64url"})", R"("abc")", false},
    {"ShapeOfANumber", R"({"min_length": 1})", "5", false},
    {"OptionalAbsent", R"({"optional": "a"})", "", true},
    {"OptionalThere", R"({"optional": "a"})", R"("a")", true},
    {"OptionalOtherwise", R"({"optional": {"re": "a"}})", R"("b")", false},
    {"DiffersFrom", R"({"differs_from": "1.form.state"})", R"("s-2")", true},
    {"DiffersNot", R"({"differs_from": "1.form.state"})", R"("s-1")", false},
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

TEST(Matchers, SayWhatTheyCompareWithIfNobodySentIt) {
  const auto exchanges = two_requests();
  EXPECT_EQ(missing_reference({{"same_as", "2.form.state"}}, {exchanges}), "");
  EXPECT_EQ(missing_reference({{"same_as", "3.form.state"}}, {exchanges}), "3.form.state");
  EXPECT_EQ(missing_reference({{"differs_from", "1.form.nonce"}}, {exchanges}), "1.form.nonce");
  EXPECT_EQ(missing_reference({{"differs_from", "1.headers.x-id"}}, {exchanges, 2}), "1.headers.x-id") << "but its own";
  EXPECT_EQ(missing_reference({{"optional", {{"same_as", "3.form.state"}}}}, {exchanges}), "3.form.state");
  EXPECT_EQ(missing_reference("text", {exchanges}), "");
}

TEST(Matchers, SeeTheValueBehindAFingerprint) {
  const auto exchanges = two_requests();
  const MatchContext context{exchanges, 0, [](const std::string& shown) -> std::optional<std::string> {
                               return shown == "fp:1" ? std::optional<std::string>{"a-verifier"} : std::nullopt;
                             }};
  const std::string known = "fp:1";
  const std::string unknown = "fp:2";
  EXPECT_TRUE(matches_text({{"re", "a-[a-z]+"}}, &known, context));
  EXPECT_TRUE(matches_text({{"min_length", 10}, {"charset", "unreserved"}}, &known, context));
  EXPECT_FALSE(matches_text({{"min_length", 11}}, &known, context));
  EXPECT_TRUE(matches_text({{"contains", "verifier"}}, &known, context));
  EXPECT_FALSE(matches_text({{"contains", "verifier"}}, &unknown, context));
  EXPECT_TRUE(matches_text("fp:1", &known, context)) << "a literal is what reports show";
}

TEST(Matchers, DescribeThemselvesForPeople) {
  EXPECT_EQ(describe(Json{{"re", "a.c"}}), "/a.c/");
  EXPECT_EQ(describe(Json{{"contains", "b"}}), "text with \"b\"");
  EXPECT_EQ(describe(Json{{"differs_from", "1.form.state"}}), "other than 1.form.state");
  EXPECT_EQ(describe(Json{{"optional", "a"}}), "absent, or a");
  EXPECT_EQ(describe(Json{{"same_as", "1.form.state"}}), "the same as 1.form.state");
  EXPECT_EQ(describe(Json{{"min_length", 43}, {"max_length", 128}, {"charset", "unreserved"}}),
            "at least 43 characters, at most 128 characters, unreserved characters");
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
