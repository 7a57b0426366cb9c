#include <algorithm>
#include <chrono>

#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  constexpr double kYear = 366.0 * 24 * 3600;
  const double seconds = std::min(value.get<double>(), kYear);
  call.delivery.delay = std::chrono::duration_cast<oidc::Duration>(std::chrono::duration<double>{seconds});
  return true;
}

}  // namespace

extern const Verb kDelayVerb{.name = "delay", .before = &before};

}  // namespace mockserver
