#include <chrono>
#include <cstdint>

#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace interval {

constexpr std::chrono::seconds kDefault{5};  // RFC 8628 section 3.2

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  const auto document = oidc::parse_json(reply.body);
  const auto code = document && document->is_object() ? oidc::string_member(*document, "device_code") : std::nullopt;
  if (!code) {
    return false;
  }
  const bool said = value.is_number();
  call.world.devices.set_interval(*code, said ? std::chrono::seconds{value.get<std::int64_t>()} : kDefault);
  return edit_document(reply, [&](oidc::Json& device) {
    if (said) {
      device["interval"] = value;
    } else {
      device.erase("interval");
    }
  });
}

}  // namespace interval
}  // namespace

extern const Verb kIntervalVerb{
    .name = "interval", .needs_processing = true, .endpoints = "device_authorization", .after = &interval::after};

}  // namespace mockserver
