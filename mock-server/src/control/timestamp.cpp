#include "control/timestamp.hpp"

#include <charconv>
#include <cmath>

namespace mockserver::control {
namespace {

/// Takes text apart from the left; once something is missing it stays `!good`.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  int digits(std::size_t count) {
    int value = 0;
    const bool enough = text_.size() >= count;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + (enough ? count : 0), value);
    good_ = good_ && enough && text_[0] != '-' && error == std::errc{} && end == text_.data() + count;
    skip(count);
    return value;
  }
  bool next(char expected) {
    if (text_.empty() || text_[0] != expected) {
      return false;
    }
    skip(1);
    return true;
  }
  void expect(char expected) { good_ = next(expected) && good_; }
  std::size_t leading_digits() const {
    const auto end = text_.find_first_not_of("0123456789");
    return end == std::string_view::npos ? text_.size() : end;
  }
  void skip(std::size_t count) { text_.remove_prefix(std::min(count, text_.size())); }
  void fail() { good_ = false; }
  bool good() const { return good_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

oidc::Duration read_fraction(Reader& reader) {
  const auto count = reader.leading_digits();
  if (count == 0) {
    reader.fail();
    return {};
  }
  const auto kept = std::min<std::size_t>(count, 3);
  int value = reader.digits(kept);
  for (auto i = kept; i < 3; ++i) {
    value *= 10;
  }
  reader.skip(count - kept);
  return oidc::Duration{value};
}

std::chrono::minutes read_zone(Reader& reader) {
  if (reader.next('Z')) {
    return {};
  }
  const bool west = reader.next('-');
  if (!west) {
    reader.expect('+');
  }
  const std::chrono::hours hours{reader.digits(2)};
  reader.expect(':');
  const std::chrono::minutes minutes{reader.digits(2)};
  if (hours > std::chrono::hours{23} || minutes > std::chrono::minutes{59}) {
    reader.fail();
  }
  const std::chrono::minutes offset = hours + minutes;
  return west ? -offset : offset;
}

}  // namespace

std::optional<oidc::TimePoint> parse_iso8601(std::string_view text) {
  Reader reader{text};
  const std::chrono::year year{reader.digits(4)};
  reader.expect('-');
  const std::chrono::month month{static_cast<unsigned>(reader.digits(2))};
  reader.expect('-');
  const std::chrono::year_month_day date{year, month, std::chrono::day{static_cast<unsigned>(reader.digits(2))}};
  reader.expect('T');
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  reader.expect(':');
  const int second = reader.digits(2);
  const auto fraction = reader.next('.') ? read_fraction(reader) : oidc::Duration{};
  const auto zone = read_zone(reader);
  if (!reader.good() || !reader.at_end() || !date.ok() || year < std::chrono::year{1970} || hour > 23 || minute > 59 ||
      second > 59) {
    return std::nullopt;
  }
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + fraction - zone;
}

oidc::Duration read_seconds(const oidc::Json& json) {
  return oidc::Duration{static_cast<std::int64_t>(std::llround(json.get<double>() * 1000))};
}

std::optional<oidc::TimePoint> read_time(const oidc::Json& json) {
  if (json.is_string()) {
    return parse_iso8601(json.get_ref<const std::string&>());
  }
  return oidc::TimePoint{read_seconds(json)};
}

}  // namespace mockserver::control
