#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.headers.set("Content-Type", value.get<std::string>());
  return true;
}

}  // namespace

extern const Verb kContentTypeVerb{.name = "content_type", .after = &after};

}  // namespace mockserver
