#include "oidc/json.hpp"

#include <string>

#include <gtest/gtest.h>

#include "oidc/random.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

TEST(ParseJsonTest, AgreesWithNlohmannOnValidTexts) {
  for (const char* text : {"null", "true", " 1 ", "-0", "1.5e3", "18446744073709551615", "-9223372036854775808", "\"\"",
                           "[]", "{}", "[[],{},[{}]]", R"({"a":{"b":[1,2,{"c":null}]},"d":"x","":0})",
                           R"(["\u00e9\ud83d\ude00\n\/"])", R"([{"a":1},{"a":2}])", R"({"a":{"a":1},"b":{"a":1}})"}) {
    const auto json = parse_json(text);
    ASSERT_THAT(json, IsOk()) << text;
    EXPECT_EQ(*json, Json::parse(text)) << text;
  }
}

TEST(ParseJsonTest, RefusesWhatIsNotOneJsonValue) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "01",
                           "+1",
                           ".5",
                           "1.",
                           "0x1",
                           "NaN",
                           "Infinity",
                           "1 2",
                           "{}{}",
                           "[1]x",
                           "// c\n1",
                           "/* c */1",
                           "\"\n\"",
                           "\"\xFF\"",
                           "\"\xC0\xAF\"",
                           "\"\xED\xA0\x80\"",
                           R"("\ud800")",
                           "1e999",
                           "tru",
                           "[1 2]"}) {
    EXPECT_THAT(parse_json(text), FailsWith(Errc::kInvalidArgument)) << text;
  }
}

TEST(ParseJsonTest, RefusesBytesAfterANul) {
  EXPECT_THAT(parse_json(std::string_view{"{}\0{}", 5}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(parse_json(std::string_view{"{}\0", 3}), FailsWith(Errc::kInvalidArgument));
}

TEST(ParseJsonTest, NamesARepeatedMember) {
  EXPECT_THAT(parse_json(R"({"a":1,"b":{"exp":1,"exp":2}})"),
              FailsWith(Errc::kInvalidArgument, testing::HasSubstr("\"exp\"")));
  EXPECT_THAT(parse_json(R"({"a":1,"\u0061":2})"), FailsWith(Errc::kInvalidArgument, testing::HasSubstr("\"a\"")));
}

TEST(ParseJsonTest, LimitsTheDepthTo100) {
  EXPECT_THAT(parse_json(std::string(100, '[') + std::string(100, ']')), IsOk());
  EXPECT_THAT(parse_json(std::string(101, '[') + std::string(101, ']')), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(parse_json(std::string(1'000'000, '[')), FailsWith(Errc::kInvalidArgument));
}

TEST(ParseJsonTest, NamesTheOffsetAndNeverQuotesTheText) {
  const auto json = parse_json(R"({"token": "s3cret" oops})");
  EXPECT_THAT(json, FailsWith(Errc::kInvalidArgument, testing::HasSubstr("byte 20")));
  EXPECT_THAT(json, FailsWith(Errc::kInvalidArgument, testing::Not(testing::HasSubstr("s3cret"))));
}

TEST(ParseJsonTest, SurvivesRandomEdits) {
  SeededRandom random{6};
  const std::string seed = R"({"a":[1,2.5,"x\u00e9",null,true,{"b":{}}],"c":"\"","d":-1e-3})";
  for (int i = 0; i < 5000; ++i) {
    std::string text = seed;
    for (std::uint64_t edits = 1 + random.below(3); edits > 0; --edits) {
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    }
    const auto json = parse_json(text);
    if (json) {
      const auto again = parse_json(to_text(*json));
      ASSERT_THAT(again, IsOk());
      ASSERT_EQ(*again, *json);
      ASSERT_TRUE(Json::accept(text));
    }
  }
}

TEST(ToTextTest, ReplacesInvalidUtf8) {
  EXPECT_EQ(to_text(Json("a\xFF")), "\"a\xEF\xBF\xBD\"");
}

TEST(ToTextTest, PrettyTextIsSortedAndAscii) {
  EXPECT_EQ(to_pretty_text(Json::parse(R"({"b":1,"a":"\u00e9"})")), "{\n  \"a\": \"\\u00e9\",\n  \"b\": 1\n}");
}

TEST(StringMemberTest, IsNothingUnlessItIsAString) {
  const Json object = Json::parse(R"({"s":"x","n":1,"z":null})");
  EXPECT_EQ(string_member(object, "s"), "x");
  for (const char* name : {"n", "z", "missing"}) {
    EXPECT_EQ(string_member(object, name), std::nullopt) << name;
  }
  EXPECT_EQ(string_member(Json::array(), "s"), std::nullopt);
}

}  // namespace
}  // namespace oidc
