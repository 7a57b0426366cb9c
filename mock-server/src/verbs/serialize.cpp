#include "traffic.hpp"
#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace serialize {

bool before(const oidc::Json&, Call& call) {
  call.delivery.turn = call.world.traffic.turn(call.steps.back());
  return true;
}

}  // namespace serialize
}  // namespace

extern const Verb kSerializeVerb{.name = "serialize", .before = &serialize::before};

}  // namespace mockserver
