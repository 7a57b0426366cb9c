#include "verbs/verb.hpp"

namespace mockserver {

void content_type_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.headers.set("Content-Type", value.get<std::string>());
}

}  // namespace mockserver
