#include <charconv>

#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace retry_after {

constexpr std::string_view kDate = "date:";

/// "date:+30" or "date:-5": seconds from now; nullopt for anything else.
std::optional<std::chrono::seconds> date_offset(std::string_view text) {
  if (!text.starts_with(kDate)) {
    return std::nullopt;
  }
  text.remove_prefix(kDate.size());
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{std::chrono::seconds{seconds}}
                                                                  : std::nullopt;
}

std::string field_value(const oidc::Json& value, oidc::TimePoint now) {
  if (!value.is_string()) {
    return oidc::to_text(value);
  }
  const auto text = value.get<std::string>();
  const auto offset = date_offset(text);
  return offset ? oidc::format_http_date(now + *offset) : text;
}

// Both forms of RFC 9110 section 10.2.3, and whatever else a server may send.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  reply.headers.set("Retry-After", field_value(value, call.now));
  return true;
}

}  // namespace retry_after
}  // namespace

extern const Verb kRetryAfterVerb{.name = "retry_after", .after = &retry_after::after};

}  // namespace mockserver
