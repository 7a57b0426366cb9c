#include "oidc/clean_text.hpp"

#include <gtest/gtest.h>

#include "oidc/json.hpp"

namespace oidc {
namespace {

TEST(CleanText, KeepsWhatPeopleWrite) {
  EXPECT_EQ(clean_text("a\tb\nä – 漢"), "a\tb\nä – 漢");
}

TEST(CleanText, ReplacesWhatATerminalWouldObeyAndXmlRefuses) {
  EXPECT_EQ(clean_text("\x1b[31m\x7f"), "\uFFFD[31m\uFFFD");
  EXPECT_EQ(clean_text(std::string_view{"a\0b", 3}), "a\uFFFDb");
  EXPECT_EQ(clean_text("a\xff\xc3z"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(clean_text("a\r\nb"), "a\nb");
}

TEST(CleanText, ReplacesControlsThatAreNoAscii) {
  EXPECT_EQ(clean_text("\u0080\u009B31m\u009F\u00A0"), "\uFFFD\uFFFD31m\uFFFD\u00A0") << "of the second set, C1";
  EXPECT_EQ(clean_text("\u202Ea\u202A\u2066b\u2069\u200E\u200F\u061C"), "\uFFFDa\uFFFD\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(clean_text("\u2028\u2029"), "\uFFFD\uFFFD") << "these end a line";
  EXPECT_EQ(clean_text("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "\uFFFD\uFFFD\uFFFD") << "not in XML";
  EXPECT_EQ(clean_text("\u200D\u0600\u2010\u2070\U0001F600"), "\u200D\u0600\u2010\u2070\U0001F600")
      << "their neighbours";
}

TEST(CleanJson, SaysTheSameWithoutThem) {
  const Json value{{"a\u202E", "\u009B\x7F\x1B\uFFFDä"}, {"b", "\xEF\xBF\xBE\u2028"}};
  const char* text = R"({"a\u202e":"\u009b\u007f\u001b)"
                     "\uFFFDä"
                     R"(","b":"\ufffe\u2028"})";
  EXPECT_EQ(to_text(value), text);
  EXPECT_EQ(parse_json(to_text(value)).value(), value);
  EXPECT_EQ(parse_json(to_pretty_text(value)).value(), value);
  EXPECT_EQ(to_pretty_text(value).find('\x7F'), std::string::npos);
}

TEST(Say, PrintsCleanText) {
  testing::internal::CaptureStdout();
  say(stdout, "\x1b]0;title\x07 \u202Eä\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "\uFFFD]0;title\uFFFD \uFFFDä\n");
}

TEST(CleanText, IsCutBetweenTwoCharacters) {
  EXPECT_EQ(clean_text("aä", 3), "aä");
  EXPECT_EQ(clean_text("aä", 2), "a…");
  EXPECT_EQ(clean_text("漢漢", 5), "漢…");
  EXPECT_EQ(clean_text("漢", 0), "…");
}

TEST(CleanLine, IsOneLine) {
  EXPECT_EQ(clean_line("a\nb\tc\r\n"), "a b c ");
  EXPECT_EQ(clean_line(std::string(401, 'x')), std::string(400, 'x') + "…");
}

}  // namespace
}  // namespace oidc
