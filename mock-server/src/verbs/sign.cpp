#include "verbs/verb.hpp"

namespace mockserver {

void sign_before(const oidc::Json& value, Call& call) {
  call.changes.sign = value.get<std::string>();
}

}  // namespace mockserver
