#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checks/check.hpp"
#include "loader/values.hpp"

namespace scenarios {
namespace {

constexpr std::size_t kMostExchanges = 6;

/// The credential that the request is about, by its name.
std::string presented(const mockserver::Exchange& exchange) {
  for (const char* field : {"refresh_token", "code", "device_code", "token"}) {
    if (const auto value = exchange.form.get(field)) {
      return " " + *value;
    }
  }
  return "";
}

std::string outcome_of(const mockserver::Exchange& exchange) {
  if (exchange.dropped) {
    return "reply lost";
  }
  const auto body = oidc::parse_json(exchange.reply_body);
  const auto error = body ? oidc::string_member(*body, "error") : std::nullopt;
  return std::to_string(exchange.status) + (error ? " " + *error : "");
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

std::string describe(const mockserver::Exchange& exchange) {
  const std::string what = !exchange.grant.empty()      ? exchange.grant
                           : !exchange.endpoint.empty() ? exchange.endpoint
                                                        : exchange.method + " " + exchange.path;
  return fmt::format("#{} t={} {}{} -> {}", exchange.seq, seconds_text(exchange.offset), what, presented(exchange),
                     outcome_of(exchange));
}

std::string describe(const std::vector<const mockserver::Exchange*>& exchanges) {
  if (exchanges.empty()) {
    return "none";
  }
  std::string text = std::to_string(exchanges.size()) + ": ";
  for (std::size_t i = 0; i < exchanges.size() && i < kMostExchanges; ++i) {
    text += (i == 0 ? "" : ", ") + describe(*exchanges[i]);
  }
  return exchanges.size() > kMostExchanges ? text + ", …" : text;
}

std::string describe(const CallResult& result) {
  if (const auto* ok = std::get_if<Ok>(&result)) {
    return "ok " + oidc::to_text(ok->value);
  }
  if (const auto* err = std::get_if<Err>(&result)) {
    return "err " + err->kind + (err->oauth_error.empty() ? "" : " " + err->oauth_error) +
           (err->http_status == 0 ? "" : " " + std::to_string(err->http_status)) +
           (err->reason.empty() ? "" : " (" + err->reason + ")") + (err->definite ? "" : ", perhaps done") +
           (err->kind == "other" && !err->message.empty() ? ": " + one_line(err->message) : "");
  }
  if (const auto* unsupported = std::get_if<Unsupported>(&result)) {
    return "unsupported: " + unsupported->why;
  }
  if (const auto* overdue = std::get_if<Overdue>(&result)) {
    return "no end: " + overdue->what;
  }
  return "broke down: " + std::get<Broken>(result).what;
}

std::string describe(const std::vector<CallResult>& results) {
  if (results.size() == 1) {
    return describe(results.front());
  }
  std::map<std::string, std::size_t> counts;
  for (const CallResult& result : results) {
    ++counts[describe(result)];
  }
  std::string text;
  for (const auto& [result, count] : counts) {
    text += (text.empty() ? "" : ", ") + fmt::format("{} x {}", count, result);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace scenarios
