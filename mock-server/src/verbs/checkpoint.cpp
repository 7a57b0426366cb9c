#include "verbs/verb.hpp"
#include "world_state.hpp"

namespace mockserver {
namespace {
namespace checkpoint {

// With what the request did.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse&) {
  call.world.checkpoints.put(value.get<std::string>(), snapshot(call.world));
  return true;
}

}  // namespace checkpoint
}  // namespace

extern const Verb kCheckpointVerb{.name = "checkpoint", .after = &checkpoint::after};

}  // namespace mockserver
