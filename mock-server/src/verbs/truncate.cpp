#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return set_body_fault(call, reply, Fault::kTruncate);
}

}  // namespace

extern const Verb kTruncateVerb{.name = "truncate", .after = &after};

}  // namespace mockserver
