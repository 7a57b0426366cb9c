#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.status = value.get<int>();
  return true;
}

}  // namespace

extern const Verb kStatusVerb{.name = "status", .replaces = true, .after = &after};

}  // namespace mockserver
