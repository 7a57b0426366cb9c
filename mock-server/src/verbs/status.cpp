#include "verbs/verb.hpp"

namespace mockserver {

void status_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.status = value.get<int>();
}

}  // namespace mockserver
