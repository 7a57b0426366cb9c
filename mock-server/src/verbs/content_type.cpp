#include "verbs/verb.hpp"

namespace mockserver {

bool content_type_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.headers.set("Content-Type", value.get<std::string>());
  return true;
}

}  // namespace mockserver
