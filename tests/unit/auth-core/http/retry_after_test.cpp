#include "http/retry_after.hpp"
#include "judges.hpp"

#include <chrono>
#include <ostream>

#include <gtest/gtest.h>

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::test::judges;

constexpr oidc::TimePoint kNow = std::chrono::sys_days{std::chrono::January / 1 / 2030};

struct DateCase {
  const char* name;
  const char* text;
  std::optional<oidc::TimePoint> expected;
};
void PrintTo(const DateCase& c, std::ostream* out) {
  *out << c.name;
}
class HttpDate : public testing::TestWithParam<DateCase> {};

TEST_P(HttpDate, IsReadInThreeFormsAndNoOther) {
  EXPECT_EQ(parse_http_date(GetParam().text, kNow), GetParam().expected);
}

constexpr oidc::TimePoint k1994 = std::chrono::sys_days{std::chrono::November / 6 / 1994} + 8h + 49min + 37s;
constexpr oidc::TimePoint k2080 = std::chrono::sys_days{std::chrono::January / 1 / 2080};
constexpr oidc::TimePoint k1981 = std::chrono::sys_days{std::chrono::January / 1 / 1981};

INSTANTIATE_TEST_SUITE_P(
    Rfc9110Section567, HttpDate,
    testing::Values(DateCase{"imf_fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", k1994},
                    DateCase{"rfc850", "Sunday, 06-Nov-94 08:49:37 GMT", k1994},
                    DateCase{"asctime", "Sun Nov  6 08:49:37 1994", k1994},
                    DateCase{"asctime_two_digit_day", "Sun Nov 06 08:49:37 1994", k1994},
                    DateCase{"rfc850_fifty_years_ahead_is_future", "Monday, 01-Jan-80 00:00:00 GMT", k2080},
                    DateCase{"rfc850_beyond_fifty_years_is_past", "Thursday, 01-Jan-81 00:00:00 GMT", k1981},
                    DateCase{"other_zone", "Sun, 06 Nov 1994 08:49:37 CET", std::nullopt},
                    DateCase{"no_such_day", "Sun, 31 Feb 1994 08:49:37 GMT", std::nullopt},
                    DateCase{"no_such_month", "Sun, 06 Nox 1994 08:49:37 GMT", std::nullopt},
                    DateCase{"hour_24", "Sun, 06 Nov 1994 24:49:37 GMT", std::nullopt},
                    DateCase{"minute_60", "Sun, 06 Nov 1994 08:60:37 GMT", std::nullopt},
                    DateCase{"iso_8601", "1994-11-06T08:49:37Z", std::nullopt}, DateCase{"empty", "", std::nullopt}),
    [](const auto& tested) { return tested.param.name; });

struct WaitCase {
  const char* name;
  const char* retry_after;
  const char* date;
  std::optional<oidc::Duration> expected;
};
void PrintTo(const WaitCase& c, std::ostream* out) {
  *out << c.name;
}
class RetryAfter : public testing::TestWithParam<WaitCase> {};

TEST_P(RetryAfter, IsTheWait) {
  judges({"HTTP-004"});
  oidc::HttpResponse response{429, {{"Retry-After", GetParam().retry_after}}, ""};
  if (*GetParam().date != '\0') {
    response.headers.add("Date", GetParam().date);
  }
  EXPECT_EQ(retry_after(response, kNow), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9110Section1023, RetryAfter,
    testing::Values(WaitCase{"seconds", "7", "", 7s}, WaitCase{"zero", "0", "", 0s},
                    WaitCase{"absurd_number_is_clamped", "99999999999999999999999", "", std::chrono::days{3650}},
                    WaitCase{"date_against_own_clock", "Tue, 01 Jan 2030 00:00:30 GMT", "", 30s},
                    WaitCase{"date_against_date_header", "Mon, 01 Jan 2024 00:00:30 GMT",
                             "Mon, 01 Jan 2024 00:00:10 GMT", 20s},
                    WaitCase{"garbage_date_header_is_ignored", "Tue, 01 Jan 2030 00:00:30 GMT", "now", 30s},
                    WaitCase{"date_now", "Tue, 01 Jan 2030 00:00:00 GMT", "", 0s},
                    WaitCase{"past_date", "Mon, 31 Dec 2029 23:59:59 GMT", "", std::nullopt},
                    WaitCase{"negative", "-5", "", std::nullopt}, WaitCase{"fraction", "1.5", "", std::nullopt},
                    WaitCase{"words", "soon", "", std::nullopt}, WaitCase{"empty", "", "", std::nullopt}),
    [](const auto& tested) { return tested.param.name; });

TEST(RetryAfterHeader, IsAbsentIfNotSent) {
  EXPECT_EQ(retry_after({429, {}, ""}, kNow), std::nullopt);
}

}  // namespace
}  // namespace authcore
