#include "exchange_facts.hpp"

#include "oidc/json.hpp"

namespace scenarios {

std::vector<std::string> values_of(const oidc::Form& form, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : form) {
    if (key == name && !value.empty()) {
      values.push_back(value);
    }
  }
  return values;
}

std::optional<std::string> parameter(const mockserver::Exchange& exchange, std::string_view name) {
  const auto values = values_of(exchange.form, name);
  return values.empty() ? std::nullopt : std::optional{values.front()};
}

std::size_t authentications(const mockserver::Exchange& exchange) {
  const bool basic = exchange.headers.get("Authorization").value_or("").starts_with("Basic ");
  const bool secret = parameter(exchange, "client_secret").has_value();
  const bool assertion = parameter(exchange, "client_assertion").has_value();
  return std::size_t{basic} + std::size_t{secret} + std::size_t{assertion};
}

bool is_attempt_to_authenticate(const mockserver::Exchange& exchange) {
  if (!exchange.steps.empty() || exchange.status < 400) {
    return false;
  }
  const auto reply = oidc::parse_json(exchange.reply_body);
  return reply && oidc::string_member(*reply, "error") == "invalid_client";
}

}  // namespace scenarios
