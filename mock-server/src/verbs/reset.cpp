#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  const Fault fault = read_reset(value);
  return fault == Fault::kResetMidBody ? set_body_fault(call, reply, fault) : set_fault(call, fault);
}

}  // namespace

extern const Verb kResetVerb{.name = "reset", .after = &after};

}  // namespace mockserver
