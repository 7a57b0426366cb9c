#include <chrono>

#include "reply.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace rate {

/// Whole seconds, rounded up: whoever comes then gets through.
std::chrono::seconds whole_seconds(oidc::Duration wait) {
  return std::chrono::ceil<std::chrono::seconds>(wait);
}

std::string retry_after(const std::string& form, const Call& call) {
  const auto wait = whole_seconds(call.retry_in);
  return form == "date" ? oidc::format_http_date(std::chrono::ceil<std::chrono::seconds>(call.now + call.retry_in))
                        : std::to_string(wait.count());
}

// The script has counted: only what is beyond the rate gets here. `error`, `status` and `body` beside it say
// what the refusal looks like.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (reply.status == 200 && reply.body.empty()) {
    reply = json_reply(200, {{"error", "temporarily_unavailable"}, {"error_description", "too many requests"}});
  }
  if (reply.status == 200) {
    reply.status = value.value("as", 429);
  }
  const std::string form = value.value("retry_after", "seconds");
  if (form != "absent") {
    reply.headers.set("Retry-After", retry_after(form, call));
  }
  return true;
}

}  // namespace rate
}  // namespace

extern const Verb kRateVerb{.name = "rate", .replaces = true, .after = &rate::after};

}  // namespace mockserver
