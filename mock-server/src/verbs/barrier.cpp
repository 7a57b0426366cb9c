#include <utility>

#include "traffic.hpp"
#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace barrier {

constexpr oidc::Duration kTimeout = std::chrono::seconds{5};

bool before(const oidc::Json& value, Call& call) {
  const std::string& step = call.steps.back();
  const oidc::Duration timeout = value.contains("timeout") ? read_duration(value["timeout"]) : kTimeout;
  // A reply that waited in vain shows that the requests were not there together.
  auto missed = [&script = call.world.script, step] { script.withdraw(step); };
  // A step that was removed may have left one of its name that waits for another time.
  const std::string name = step + " " + std::to_string(timeout.count());
  call.delivery.barrier =
      call.world.traffic.barrier(name, value["count"].get<std::size_t>(), timeout, std::move(missed));
  return true;
}

}  // namespace barrier
}  // namespace

extern const Verb kBarrierVerb{.name = "barrier", .before = &barrier::before};

}  // namespace mockserver
