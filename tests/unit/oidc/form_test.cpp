#include "oidc/form.hpp"

#include <gtest/gtest.h>

#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

TEST(FormTest, EncodesFieldsInOrder) {
  const Form form = {{"scope", "openid profile"}, {"redirect_uri", "http://h/cb?x=1"}, {"empty", ""}};
  EXPECT_EQ(form.encode(), "scope=openid+profile&redirect_uri=http%3A%2F%2Fh%2Fcb%3Fx%3D1&empty=");
}

TEST(FormTest, ParsesWhatFormsMayLookLike) {
  struct Case {
    const char* text;
    Form fields;
  };
  const Case cases[] = {{"", {}},
                        {"a=1", {{"a", "1"}}},
                        {"a", {{"a", ""}}},
                        {"a=", {{"a", ""}}},
                        {"=1", {{"", "1"}}},
                        {"a=b=c", {{"a", "b=c"}}},
                        {"&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
                        {"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
                        {"a%3D=%26+x", {{"a=", "& x"}}}};
  for (const auto& [text, fields] : cases) {
    const auto form = parse_form(text);
    ASSERT_THAT(form, IsOk()) << text;
    EXPECT_EQ(*form, fields) << text;
  }
}

TEST(FormTest, RefusesBrokenEscapes) {
  EXPECT_THAT(parse_form("a=1&b=%4"), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(parse_form("%x=1"), FailsWith(Errc::kInvalidArgument));
}

TEST(FormTest, RefusesMoreThanAThousandParameters) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) {
    text += "p" + std::to_string(i) + "=1&";
  }
  EXPECT_TRUE(parse_form(text));
  EXPECT_THAT(parse_form(text + "one=more"), FailsWith(Errc::kInvalidArgument));
}

TEST(FormTest, SetReplacesEveryFieldOfThatName) {
  Form form = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  form.set("a", "4");
  EXPECT_EQ(form, (Form{{"a", "4"}, {"b", "2"}}));
  form.set("c", "5");
  EXPECT_EQ(form.get("c"), "5");
  form.remove("a");
  EXPECT_FALSE(form.contains("a"));
  EXPECT_EQ(form.value_or_empty("a"), "");
}

TEST(FormTest, NamesTheFirstRepeatedParameter) {
  EXPECT_EQ((Form{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"b", "4"}}).repeated_name(), "b");
  EXPECT_EQ((Form{{"a", "1"}, {"A", "2"}}).repeated_name(), std::nullopt);
}

}  // namespace
}  // namespace oidc
