#include "verbs/verb.hpp"

namespace mockserver {

// The reply lost after the commit: the worst moment for a connection to break.
bool drop_before(const oidc::Json&, Call& call) {
  call.delivery.drop = true;
  return true;
}

}  // namespace mockserver
