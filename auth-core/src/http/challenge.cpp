#include "http/challenge.hpp"

#include <algorithm>
#include <string_view>

namespace authcore {
namespace {

constexpr std::string_view kScheme = "bearer ";
constexpr std::string_view kBetween = " \t,";

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// Takes a quoted string, or else what comes before the next separator, off the front (RFC 9110 §11.2).
std::string take_value(std::string_view& text) {
  std::string value;
  if (text.empty() || text.front() != '"') {
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
  }
  for (text.remove_prefix(1); !text.empty() && text.front() != '"'; text.remove_prefix(1)) {
    if (text.front() == '\\' && text.size() > 1) {
      text.remove_prefix(1);
    }
    value += text.front();
  }
  text.remove_prefix(std::min<std::size_t>(1, text.size()));
  return value;
}

}  // namespace

std::optional<BearerChallenge> bearer_challenge(const oidc::Headers& headers) {
  const std::string field = headers.get("WWW-Authenticate").value_or("");
  if (lower(field.substr(0, kScheme.size())) != kScheme) {
    return std::nullopt;
  }
  std::string_view text{field};
  text.remove_prefix(kScheme.size());
  BearerChallenge challenge;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      return challenge;
    }
    const std::string name = lower(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::string value = take_value(text);
    if (name == "error") {
      challenge.error = std::move(value);
    } else if (name == "scope") {
      challenge.scope = std::move(value);
    }
  }
}

}  // namespace authcore
