#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace content_type {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.headers.set("Content-Type", value.get<std::string>());
  return true;
}

}  // namespace content_type
}  // namespace

extern const Verb kContentTypeVerb{.name = "content_type", .after = &content_type::after};

}  // namespace mockserver
