#include "sequence.hpp"

#include <chrono>
#include <cstddef>

#include <fmt/core.h>

namespace cli {
namespace {

constexpr std::size_t kWidth = 58;  // columns between the two lifelines

std::string seconds(oidc::Duration duration) {
  const auto milliseconds = duration.count();
  return milliseconds % 1000 == 0 ? fmt::format("{} s", milliseconds / 1000)
                                  : fmt::format("{:.3f} s", static_cast<double>(milliseconds) / 1000);
}

std::string line(const std::string& time, const std::string& between) {
  return fmt::format("{:>10}  |{:<{}}|\n", time, between, kWidth);
}

/// "-- text ------->" or "<------- text --", never wider than the space between the lifelines.
std::string arrow(std::string text, bool to_issuer) {
  constexpr std::size_t kRoom = kWidth - 6;
  if (text.size() > kRoom) {
    text = text.substr(0, kRoom - 3) + "...";
  }
  const std::string shaft(kRoom - text.size(), '-');
  return to_issuer ? "-- " + text + " " + shaft + "->" : "<-" + shaft + " " + text + " --";
}

std::string describe_request(const mockserver::Exchange& exchange) {
  std::string text = exchange.method + " " + (exchange.endpoint.empty() ? exchange.path : exchange.endpoint);
  for (const char* name : {"grant_type", "refresh_token", "code", "device_code"}) {
    if (const auto value = exchange.form.get(name)) {
      text += " " + (name == std::string{"grant_type"} ? exchange.grant : *value);
    }
  }
  return text;
}

std::string describe_reply(const mockserver::Exchange& exchange) {
  std::string text = exchange.dropped ? "connection reset, the reply is lost" : std::to_string(exchange.status);
  const auto body = oidc::parse_json(exchange.reply_body);
  if (body && !exchange.dropped) {
    for (const char* name : {"error", "access_token", "refresh_token", "user_code"}) {
      if (const auto value = oidc::string_member(*body, name)) {
        text += " " + *value;
      }
    }
  }
  for (const auto& step : exchange.steps) {
    text += " (" + step + ")";
  }
  return text;
}

std::string draw(const mockserver::Exchange& exchange) {
  std::string text = line("+" + seconds(exchange.offset), arrow(describe_request(exchange), true));
  if (exchange.delay.count() > 0) {
    text += line("", fmt::format("{:^{}}", "(held back " + seconds(exchange.delay) + ")", kWidth));
  }
  return text + line("", arrow(describe_reply(exchange), false));
}

}  // namespace

std::string draw_sequence(const scenarios::Outcome& outcome) {
  std::string text = fmt::format("{:>10}client{:>{}}\n", "", "issuer", kWidth - 1);
  for (const auto& step : outcome.steps) {
    text += line("", "");
    text += fmt::format("{:>10}  {}. {}\n", "+" + seconds(step.at), step.index, step.description);
    for (const auto& exchange : outcome.exchanges) {
      if (step.first_exchange != 0 && exchange.seq >= step.first_exchange && exchange.seq <= step.last_exchange) {
        text += draw(exchange);
      }
    }
    if (!step.result.empty()) {
      text += fmt::format("{:>10}  = {}\n", "", step.result);
    }
  }
  return text;
}

}  // namespace cli
