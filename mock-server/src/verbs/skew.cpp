#include <chrono>

#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace skew {

// The clock stays: clients that share it see an issuer whose time is off.
bool before(const oidc::Json& value, Call& call) {
  const auto skew = std::chrono::duration<double>{value.get<double>()};
  call.world.scripted_skew = std::chrono::duration_cast<oidc::Duration>(skew);
  call.now = call.world.now();
  return true;
}

}  // namespace skew
}  // namespace

extern const Verb kSkewVerb{.name = "skew", .before = &skew::before};

}  // namespace mockserver
