#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace status {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.status = value.get<int>();
  return true;
}

}  // namespace status
}  // namespace

extern const Verb kStatusVerb{.name = "status", .replaces = true, .after = &status::after};

}  // namespace mockserver
