#include "verbs/verb.hpp"
#include "world_state.hpp"

namespace mockserver {
namespace {

// With what the request did.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse&) {
  call.world.checkpoints.put(value.get<std::string>(), snapshot(call.world));
  return true;
}

}  // namespace

extern const Verb kCheckpointVerb{.name = "checkpoint", .after = &after};

}  // namespace mockserver
