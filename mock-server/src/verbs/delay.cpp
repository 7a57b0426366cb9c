#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace delay {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.delay += read_duration(value);
  return true;
}

}  // namespace delay
}  // namespace

extern const Verb kDelayVerb{.name = "delay", .before = &delay::before};

}  // namespace mockserver
