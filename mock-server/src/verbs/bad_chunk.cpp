#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace bad_chunk {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return set_body_fault(call, reply, Fault::kBadChunk);
}

}  // namespace bad_chunk
}  // namespace

extern const Verb kBadChunkVerb{.name = "bad_chunk", .after = &bad_chunk::after};

}  // namespace mockserver
