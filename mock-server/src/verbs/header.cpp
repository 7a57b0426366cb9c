#include "verbs/verb.hpp"

namespace mockserver {

void header_before(const oidc::Json& value, Call& call) {
  call.changes.access_header = value.value("access", oidc::Json::object());
  call.changes.id_header = value.value("id", oidc::Json::object());
}

}  // namespace mockserver
