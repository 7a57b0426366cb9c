#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace drop {

// The reply lost after the commit: the worst moment for a connection to break.
bool before(const oidc::Json&, Call& call) {
  call.delivery.fault = Fault::kReset;
  return true;
}

}  // namespace drop
}  // namespace

extern const Verb kDropVerb{.name = "drop", .before = &drop::before};

}  // namespace mockserver
