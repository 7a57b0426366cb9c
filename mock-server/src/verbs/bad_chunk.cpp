#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return set_body_fault(call, reply, Fault::kBadChunk);
}

}  // namespace

extern const Verb kBadChunkVerb{.name = "bad_chunk", .after = &after};

}  // namespace mockserver
