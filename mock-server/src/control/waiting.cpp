#include "control/waiting.hpp"

#include "oidc/clock.hpp"

namespace mockserver::control {

oidc::HttpResponse await(Call& call, std::chrono::seconds timeout, Wait wait) {
  const oidc::Duration deadline = oidc::SystemClock{}.steady_now() + timeout;
  call.later = [&world = call.world, name = call.issuer_name, issuer = call.issuer, deadline,
                wait = std::move(wait)]() -> std::optional<oidc::HttpResponse> {
    if (wait.is_over()) {
      return wait.reply();
    }
    if (world.ending.stop_requested()) {
      return problem_reply({.status = 503, .detail = "the server ends"});
    }
    if (world.issuers.find(name) != issuer) {
      return problem_reply({.status = 404, .detail = "the issuer was deleted during the wait"});
    }
    return oidc::SystemClock{}.steady_now() < deadline ? std::nullopt : std::optional{wait.in_vain()};
  };
  return {};
}

}  // namespace mockserver::control
