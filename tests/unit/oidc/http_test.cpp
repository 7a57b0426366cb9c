#include "oidc/http.hpp"

#include <gtest/gtest.h>

namespace oidc {
namespace {

TEST(HeadersTest, NamesAreComparedWithoutCase) {
  Headers headers = {{"Content-Type", "a"}, {"X", "1"}, {"content-type", "b"}};
  EXPECT_EQ(headers.get("CONTENT-TYPE"), "a");
  EXPECT_EQ(headers.count("Content-type"), 2U);
  EXPECT_FALSE(headers.contains("Content"));
  headers.set("CONTENT-TYPE", "c");
  EXPECT_EQ(headers, (Headers{{"Content-Type", "c"}, {"X", "1"}}));
  headers.set("Y", "2");
  headers.remove("x");
  EXPECT_EQ(headers, (Headers{{"Content-Type", "c"}, {"Y", "2"}}));
}

TEST(MediaTypeTest, IsLowerCaseWithoutParameters) {
  EXPECT_EQ(media_type({{"content-type", " Application/JSON ; charset=utf-8"}}), "application/json");
  EXPECT_EQ(media_type({{"Content-Type", "text/html"}}), "text/html");
  EXPECT_EQ(media_type({{"Content-Type", " ; x"}}), "");
  EXPECT_EQ(media_type({}), "");
}

}  // namespace
}  // namespace oidc
