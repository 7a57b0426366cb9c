#include "verbs/verb.hpp"

namespace mockserver {

// The type stays JSON, as the endpoints have it, unless `content_type` says otherwise: broken
// JSON is sent as broken JSON.
void body_after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.body = value.is_string() ? value.get<std::string>() : oidc::to_text(value);
  reply.headers.set("Content-Type", "application/json");
}

}  // namespace mockserver
