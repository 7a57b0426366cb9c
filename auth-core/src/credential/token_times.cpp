#include "credential/token_times.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "authcore/decoded_token.hpp"

namespace authcore {

namespace {

constexpr double kEndOfYear9999 = 253402300799.0;

std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<std::chrono::seconds> lenient_seconds(const oidc::Json& value) {
  std::optional<double> number;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    number = number_in(value.get_ref<const std::string&>());
  }
  if (!number || std::isnan(*number)) {
    return std::nullopt;
  }
  const double clamped = std::clamp(std::floor(*number), 0.0, kEndOfYear9999);
  return std::chrono::seconds{static_cast<std::int64_t>(clamped)};
}

std::optional<std::chrono::seconds> seconds_member(const oidc::Json& object, std::string_view name) {
  const auto member = object.find(name);
  return member == object.end() ? std::nullopt : lenient_seconds(*member);
}

oidc::Json claims_if_jwt(const std::string& token) {
  auto decoded = decode_unverified(token);
  return decoded ? std::move(decoded->payload) : oidc::Json::object();
}

}  // namespace authcore
