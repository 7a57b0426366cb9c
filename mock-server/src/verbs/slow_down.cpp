#include "verbs/verb.hpp"

namespace mockserver {

// Said by the device grant itself, so that the longer interval is remembered and enforced.
void slow_down_before(const oidc::Json&, Call& call) {
  call.slow_down = true;
}

}  // namespace mockserver
