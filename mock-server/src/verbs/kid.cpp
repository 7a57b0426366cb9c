#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace kid {

bool before(const oidc::Json& value, Call& call) {
  call.changes.kid = value.get<std::string>();
  return true;
}

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return issues_any_jwt(call, reply);
}

}  // namespace kid
}  // namespace

extern const Verb kKidVerb{
    .name = "kid", .needs_processing = true, .endpoints = kJwtEndpoints, .before = &kid::before, .after = &kid::after};

}  // namespace mockserver
