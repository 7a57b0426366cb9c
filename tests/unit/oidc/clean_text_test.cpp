#include "oidc/clean_text.hpp"

#include <gtest/gtest.h>

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
