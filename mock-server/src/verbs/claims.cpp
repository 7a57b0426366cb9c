#include "verbs/verb.hpp"

namespace mockserver {

void claims_before(const oidc::Json& value, Call& call) {
  call.changes.access_claims = value.value("access", oidc::Json::object());
  call.changes.id_claims = value.value("id", oidc::Json::object());
}

}  // namespace mockserver
