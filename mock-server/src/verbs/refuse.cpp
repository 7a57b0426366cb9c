#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.refuse = read_duration(value["for"]);
  return true;
}

}  // namespace

extern const Verb kRefuseVerb{.name = "refuse", .before = &before};

}  // namespace mockserver
