#include "verbs/clock.hpp"

#include "mockserver/issuer_clock.hpp"

namespace mockserver {

bool advance_clock(oidc::Clock& clock, oidc::Duration distance) {
  if (auto* own = dynamic_cast<IssuerClock*>(&clock)) {
    own->advance(distance);
    return true;
  }
  auto* shared = dynamic_cast<oidc::VirtualClock*>(&clock);
  if (shared != nullptr) {
    shared->advance(distance);
  }
  return shared != nullptr;
}

bool shift_clock(oidc::Clock& clock, oidc::Duration distance) {
  if (distance >= oidc::Duration::zero()) {
    return advance_clock(clock, distance);
  }
  if (auto* own = dynamic_cast<IssuerClock*>(&clock)) {
    own->set(own->now() + distance);
    return true;
  }
  auto* shared = dynamic_cast<oidc::VirtualClock*>(&clock);
  if (shared != nullptr) {
    shared->step_wall(distance);
  }
  return shared != nullptr;
}

}  // namespace mockserver
