#include "control/timestamp.hpp"
#include "verbs/clock.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace advance {

bool before(const oidc::Json& value, Call& call) {
  const bool moved = advance_clock(call.world.clock, control::read_seconds(value));
  call.now = call.world.now();
  return moved;
}

}  // namespace advance
}  // namespace

extern const Verb kAdvanceVerb{.name = "advance", .before = &advance::before};

}  // namespace mockserver
