#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {

bool sign_before(const oidc::Json& value, Call& call) {
  call.changes.sign = value.get<std::string>();
  return true;
}

bool sign_after(const oidc::Json&, Call&, oidc::HttpResponse& reply) {
  return issues_jwt(reply, "access_token") || issues_jwt(reply, "id_token");
}

}  // namespace mockserver
