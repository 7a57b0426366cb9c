#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace commit_then_drop {

// The same bytes as a reset; what differs is that it cannot be combined with verbs that keep the request from
// being processed: there is always something committed whose reply is lost.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  const Fault fault = read_reset(value);
  return fault == Fault::kResetMidBody ? set_body_fault(call, reply, fault) : set_fault(call, fault);
}

}  // namespace commit_then_drop
}  // namespace

extern const Verb kCommitThenDropVerb{
    .name = "commit_then_drop", .needs_processing = true, .after = &commit_then_drop::after};

}  // namespace mockserver
