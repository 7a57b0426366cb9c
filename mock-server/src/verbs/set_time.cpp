#include "control/timestamp.hpp"
#include "verbs/clock.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace set_time {

bool before(const oidc::Json& value, Call& call) {
  const auto time = control::parse_iso8601(value.get<std::string>());  // checked when the step was read
  const bool moved = time && shift_clock(call.world.clock, *time - call.world.now());
  call.now = call.world.now();
  return moved;
}

}  // namespace set_time
}  // namespace

extern const Verb kSetTimeVerb{.name = "set_time", .before = &set_time::before};

}  // namespace mockserver
