#include "verbs/verb.hpp"
#include "world_state.hpp"

namespace mockserver {
namespace {
namespace restore {

// The request finds a server that was set back.
bool before(const oidc::Json& value, Call& call) {
  const auto state = call.world.checkpoints.find(value.get<std::string>());
  if (!state) {
    return false;
  }
  mockserver::restore(call.world, *state);
  return true;
}

}  // namespace restore
}  // namespace

extern const Verb kRestoreVerb{.name = "restore", .before = &restore::before};

}  // namespace mockserver
