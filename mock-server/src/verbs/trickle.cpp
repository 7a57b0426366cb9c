#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace trickle {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.trickle = {value["bytes"].get<std::size_t>(), read_duration(value["every"])};
  return true;
}

}  // namespace trickle
}  // namespace

extern const Verb kTrickleVerb{.name = "trickle", .before = &trickle::before};

}  // namespace mockserver
