#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace truncate {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return set_body_fault(call, reply, Fault::kTruncate);
}

}  // namespace truncate
}  // namespace

extern const Verb kTruncateVerb{.name = "truncate", .after = &truncate::after};

}  // namespace mockserver
