#include "verbs/on_the_wire.hpp"

#include <algorithm>
#include <chrono>

namespace mockserver {

oidc::Duration read_duration(const oidc::Json& seconds) {
  constexpr double kYear = 366.0 * 24 * 3600;
  return std::chrono::duration_cast<oidc::Duration>(
      std::chrono::duration<double>{std::min(seconds.get<double>(), kYear)});
}

bool set_fault(Call& call, Fault fault) {
  if (call.delivery.fault != Fault::kNone) {
    return false;
  }
  call.delivery.fault = fault;
  return true;
}

bool set_body_fault(Call& call, const oidc::HttpResponse& reply, Fault fault) {
  const bool has_body = !reply.body.empty() && call.request.method != "HEAD";
  return has_body && set_fault(call, fault);
}

Fault read_reset(const oidc::Json& place) {
  if (place == "after_headers") {
    return Fault::kResetAfterHeaders;
  }
  return place == "mid_body" ? Fault::kResetMidBody : Fault::kReset;
}

}  // namespace mockserver
