#include <gtest/gtest.h>

#include "loader/values.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using namespace std::chrono_literals;

TEST(Bounds, HoldUpToTheirEdges) {
  EXPECT_TRUE(parse_bounds(Json(">=5"))->contains(5));
  EXPECT_FALSE(parse_bounds(Json(">=5"))->contains(4.999));
  EXPECT_TRUE(parse_bounds(Json("<=5"))->contains(5));
  EXPECT_FALSE(parse_bounds(Json("<=5"))->contains(5.001));
  EXPECT_TRUE(parse_bounds(Json("5..6"))->contains(5));
  EXPECT_TRUE(parse_bounds(Json("5..6"))->contains(6));
  EXPECT_FALSE(parse_bounds(Json("5..6"))->contains(6.001));
  EXPECT_TRUE(parse_bounds(Json(0))->contains(0));
  EXPECT_FALSE(parse_bounds(Json("2"))->contains(3));
}

TEST(Bounds, WhatIsNoneIsRefused) {
  for (const char* text : {"", ">5", "five", "5..", "..5", "6..5", ">=5..6", "-1", ">= 5"}) {
    EXPECT_FALSE(parse_bounds(Json(text))) << text;
  }
  EXPECT_FALSE(parse_bounds(Json(true)));
}

TEST(Bounds, ReadAsTheyAreWritten) {
  for (const char* text : {"5", ">=5", "<=0.5", "5..6"}) {
    EXPECT_EQ(to_string(*parse_bounds(Json(text))), text);
  }
}

TEST(Durations, HaveUnits) {
  EXPECT_EQ(*parse_duration(Json(90)), 90s);
  EXPECT_EQ(*parse_duration(Json(0.5)), 500ms);
  EXPECT_EQ(*parse_duration(Json(-3000)), -3000s);
  EXPECT_EQ(*parse_duration(Json("90s")), 90s);
  EXPECT_EQ(*parse_duration(Json("15m")), 15min);
  EXPECT_EQ(*parse_duration(Json("2h")), 2h);
  EXPECT_EQ(*parse_duration(Json("1d")), 24h);
}

TEST(Durations, WhatIsNoneOrTooLongIsRefused) {
  for (const char* text : {"", "90", "m", "1w", "1.5.5s", "999999999999d"}) {
    EXPECT_FALSE(parse_duration(Json(text))) << text;
  }
  EXPECT_FALSE(parse_duration(Json(1e300)));
  EXPECT_FALSE(parse_duration(Json(nullptr)));
}

}  // namespace
}  // namespace scenarios
