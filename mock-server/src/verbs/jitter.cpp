#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace jitter {

// The issuer's own randomness: the same seed and requests wait equally long.
bool before(const oidc::Json& value, Call& call) {
  const auto most = static_cast<std::uint64_t>(read_duration(value).count());
  call.delivery.delay += oidc::Duration{static_cast<oidc::Duration::rep>(call.world.random.below(most + 1))};
  return true;
}

}  // namespace jitter
}  // namespace

extern const Verb kJitterVerb{.name = "jitter", .before = &jitter::before};

}  // namespace mockserver
