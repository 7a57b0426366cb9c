#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace sign {

bool before(const oidc::Json& value, Call& call) {
  call.changes.sign = value.get<std::string>();
  return true;
}

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return issues_any_jwt(call, reply);
}

}  // namespace sign
}  // namespace

extern const Verb kSignVerb{.name = "sign",
                            .needs_processing = true,
                            .endpoints = kJwtEndpoints,
                            .before = &sign::before,
                            .after = &sign::after};

}  // namespace mockserver
