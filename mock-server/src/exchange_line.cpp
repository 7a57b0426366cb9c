#include "mockserver/exchange_line.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "oidc/clean_text.hpp"

namespace mockserver {
namespace {

constexpr std::size_t kLongestPart = 160;
constexpr std::size_t kMostLines = 50;

/// What was sent in the body; that of a GET is its query, which the path shows.
std::string form_of(const Exchange& exchange) {
  std::string text;
  if (exchange.method != "GET") {
    for (const auto& [name, value] : exchange.form) {
      text += (text.empty() ? "" : " ") + name + "=" + value;
    }
  }
  return text;
}

}  // namespace

std::string to_line(const Exchange& exchange) {
  const double offset = std::chrono::duration<double>(exchange.offset).count();
  std::string line = fmt::format("#{} +{:.3f}s", exchange.seq, offset);
  const std::string reply = exchange.dropped ? "dropped" : std::to_string(exchange.status);
  const std::string body = exchange.dropped ? "" : exchange.reply_body;
  for (const std::string& part : {exchange.method, exchange.path, form_of(exchange), std::string{"->"}, reply, body}) {
    line += part.empty() ? "" : " " + oidc::clean_line(part, kLongestPart);
  }
  return exchange.steps.empty() ? line : line + fmt::format("  [{}]", fmt::join(exchange.steps, ", "));
}

std::string to_lines(const std::vector<Exchange>& exchanges) {
  if (exchanges.empty()) {
    return "no request came\n";
  }
  const std::size_t left_out = exchanges.size() - std::min(exchanges.size(), kMostLines);
  std::string text = left_out == 0 ? "" : fmt::format("({} earlier ones left out)\n", left_out);
  for (std::size_t i = left_out; i < exchanges.size(); ++i) {
    text += to_line(exchanges[i]) + "\n";
  }
  return text;
}

}  // namespace mockserver
