#include "control/waiting.hpp"

#include <algorithm>

#include "oidc/clock.hpp"

namespace mockserver::control {
namespace {

/// How long a wait goes on at most after the issuer or the server ended.
constexpr std::chrono::milliseconds kSlice{50};

}  // namespace

std::optional<Problem> await(const Call& call, std::chrono::seconds timeout,
                             const std::function<bool(std::chrono::milliseconds)>& arrived,
                             const std::function<std::string()>& missing) {
  const oidc::SystemClock clock;
  const oidc::Duration deadline = clock.steady_now() + timeout;
  while (!arrived(std::clamp(deadline - clock.steady_now(), oidc::Duration::zero(), kSlice))) {
    if (call.world.ending.stop_requested()) {
      return Problem{.status = 503, .detail = "the server ends"};
    }
    if (call.world.issuers.find(call.issuer_name) != call.issuer) {
      return Problem{.status = 404, .detail = "the issuer was deleted during the wait"};
    }
    if (clock.steady_now() >= deadline) {
      return Problem{.status = 408, .detail = missing()};
    }
  }
  return std::nullopt;
}

}  // namespace mockserver::control
