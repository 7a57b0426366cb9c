#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"
#include "world_state.hpp"

namespace mockserver {
namespace {
namespace restart {

// The server ends once it has processed the request: its reply is lost, and so is what it kept in memory only.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse&) {
  if (!value["keep_state"].get<bool>()) {
    restore(call.world, *call.world.checkpoints.find(Checkpoints::kFirst));
  }
  if (value.contains("for")) {
    call.delivery.refuse = read_duration(value["for"]);
  }
  return set_fault(call, Fault::kReset);
}

}  // namespace restart
}  // namespace

extern const Verb kRestartVerb{.name = "restart", .after = &restart::after};

}  // namespace mockserver
