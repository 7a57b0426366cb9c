#include "results/read_exchange.hpp"

#include <chrono>
#include <cstdio>

namespace conformance {
namespace {

/// What `oidc::format_iso8601` wrote.
oidc::TimePoint read_time(const Record& record, const char* name) {
  const std::string text = record.text(name);
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millis = 0;
  const int read =
      std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hour, &minute, &second, &millis);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (read != 7 || !date.ok()) {
    record.complain("\"" + text + "\" is no time");
    return {};
  }
  return oidc::TimePoint{std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{hour} +
                         std::chrono::minutes{minute} + std::chrono::seconds{second} +
                         std::chrono::milliseconds{millis}};
}

template <typename Fields>
Fields read_fields(const Record& record, const char* name) {
  Fields fields;
  for (auto& [key, value] : record.pairs(name)) {
    fields.add(std::move(key), std::move(value));
  }
  return fields;
}

}  // namespace

mockserver::Exchange read_exchange(const Record& record) {
  mockserver::Exchange exchange;
  exchange.seq = record.count("seq");
  exchange.at = read_time(record, "at");
  exchange.offset = record.seconds<oidc::Duration>("offset");
  exchange.endpoint = record.text("endpoint");
  exchange.grant = record.text("grant");
  exchange.client = record.text("client");
  exchange.client_auth = record.text("client_auth");
  exchange.method = record.text("method");
  exchange.path = record.text("path");
  exchange.headers = read_fields<oidc::Headers>(record, "headers");
  exchange.form = read_fields<oidc::Form>(record, "form");
  exchange.status = static_cast<int>(record.count("status"));
  exchange.reply_headers = read_fields<oidc::Headers>(record, "reply_headers");
  exchange.reply_body = record.text("reply_body");
  exchange.steps = record.texts("steps");
  exchange.delay = record.seconds<oidc::Duration>("delay");
  exchange.dropped = record.flag("dropped");
  return exchange;
}

}  // namespace conformance
