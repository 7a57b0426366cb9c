#include "verbs/on_the_wire.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace refuse {

bool before(const oidc::Json& value, Call& call) {
  call.delivery.refuse = read_duration(value["for"]);
  return true;
}

}  // namespace refuse
}  // namespace

extern const Verb kRefuseVerb{.name = "refuse", .before = &refuse::before};

}  // namespace mockserver
