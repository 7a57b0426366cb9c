#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace corrupt {

bool before(const oidc::Json& value, Call& call) {
  call.changes.corrupt = value.get<std::string>();
  return true;
}

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return issues_any_jwt(call, reply);
}

}  // namespace corrupt
}  // namespace

extern const Verb kCorruptVerb{.name = "corrupt",
                               .needs_processing = true,
                               .endpoints = kJwtEndpoints,
                               .before = &corrupt::before,
                               .after = &corrupt::after};

}  // namespace mockserver
