#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.trickle = {value["bytes"].get<std::size_t>(), read_duration(value["every"])};
  return true;
}

}  // namespace

extern const Verb kTrickleVerb{.name = "trickle", .before = &before};

}  // namespace mockserver
