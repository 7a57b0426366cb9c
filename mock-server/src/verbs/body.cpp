#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace body {

// The type stays JSON, as the endpoints have it, unless `content_type` says otherwise: broken
// JSON is sent as broken JSON.
bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.body = value.is_string() ? value.get<std::string>() : oidc::to_text(value);
  reply.headers.set("Content-Type", "application/json");
  return true;
}

}  // namespace body
}  // namespace

extern const Verb kBodyVerb{.name = "body", .replaces = true, .after = &body::after};

}  // namespace mockserver
