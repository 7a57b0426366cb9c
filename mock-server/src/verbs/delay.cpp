#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.delay += read_duration(value);
  return true;
}

}  // namespace

extern const Verb kDelayVerb{.name = "delay", .before = &before};

}  // namespace mockserver
