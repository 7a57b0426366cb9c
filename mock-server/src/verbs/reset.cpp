#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace reset {

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  const Fault fault = read_reset(value);
  return fault == Fault::kResetMidBody ? set_body_fault(call, reply, fault) : set_fault(call, fault);
}

}  // namespace reset
}  // namespace

extern const Verb kResetVerb{.name = "reset", .after = &reset::after};

}  // namespace mockserver
