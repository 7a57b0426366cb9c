#include "http/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

namespace authcore {
namespace {

// Longer than any cap and far from overflow.
constexpr std::int64_t kLongestWaitSeconds = 10LL * 365 * 24 * 3600;
constexpr int kCenturyYears = 100;
constexpr int kFutureYears = 50;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> number(std::string_view text, std::size_t width) {
  int value = 0;
  if (text.size() != width || !is_digits(text)) {
    return std::nullopt;
  }
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) {
      parts.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<unsigned> month_number(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) {
    return std::nullopt;
  }
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  constexpr int kMaxSecond = 60;  // a leap second is well formed
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') {
    return std::nullopt;
  }
  const auto hour = number(text.substr(0, 2), 2);
  const auto minute = number(text.substr(3, 2), 2);
  const auto second = number(text.substr(6, 2), 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > kMaxSecond) {
    return std::nullopt;
  }
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::optional<oidc::TimePoint> make_time(std::optional<int> year, std::string_view month, std::optional<int> day,
                                         std::string_view time) {
  const auto month_value = month_number(month);
  const auto clock_time = time_of_day(time);
  if (!year || !day || !month_value || !clock_time) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month_value},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return oidc::TimePoint{std::chrono::sys_days{date} + *clock_time};
}

// RFC 9110 §5.6.7: a year that appears to be more than 50 years ahead is the most recent
// past one with the same last two digits.
std::optional<int> full_year(std::optional<int> two_digits, oidc::TimePoint now) {
  if (!two_digits) {
    return std::nullopt;
  }
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int current = static_cast<int>(today.year());
  const int candidate = current - current % kCenturyYears + *two_digits;
  return candidate > current + kFutureYears ? candidate - kCenturyYears : candidate;
}

std::optional<oidc::TimePoint> parse_rfc850(const std::vector<std::string_view>& words, oidc::TimePoint now) {
  const std::vector<std::string_view> date = split(words[1], '-');
  if (date.size() != 3 || words[3] != "GMT") {
    return std::nullopt;
  }
  return make_time(full_year(number(date[2], 2), now), date[1], number(date[0], 2), words[2]);
}

}  // namespace

std::optional<oidc::TimePoint> parse_http_date(std::string_view text, oidc::TimePoint now) {
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.size() == 6 && words[0].back() == ',' && words[5] == "GMT") {
    return make_time(number(words[3], 4), words[2], number(words[1], 2), words[4]);
  }
  if (words.size() == 4 && words[0].back() == ',') {
    return parse_rfc850(words, now);
  }
  if (words.size() == 5) {
    return make_time(number(words[4], 4), words[1], number(words[2], words[2].size() == 1 ? 1 : 2), words[3]);
  }
  return std::nullopt;
}

std::optional<oidc::Duration> retry_after(const oidc::HttpResponse& response, oidc::TimePoint now) {
  const std::optional<std::string> value = response.headers.get("Retry-After");
  if (!value) {
    return std::nullopt;
  }
  if (is_digits(*value)) {
    std::int64_t seconds = kLongestWaitSeconds;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
    static_cast<void>(end);
    // What does not fit is a wait, only an absurd one.
    return std::chrono::seconds{error == std::errc{} ? std::min(seconds, kLongestWaitSeconds) : kLongestWaitSeconds};
  }
  const std::optional<oidc::TimePoint> date = parse_http_date(*value, now);
  if (!date) {
    return std::nullopt;
  }
  const std::optional<oidc::TimePoint> sent =
      parse_http_date(response.headers.get("Date").value_or(std::string{}), now);
  const oidc::Duration wait = *date - sent.value_or(now);
  return wait < oidc::Duration::zero() ? std::nullopt : std::optional{wait};
}

}  // namespace authcore
