#include "verbs/verb.hpp"

namespace mockserver {

bool status_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.status = value.get<int>();
  return true;
}

}  // namespace mockserver
