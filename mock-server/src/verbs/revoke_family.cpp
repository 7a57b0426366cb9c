#include "script/facts.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace revoke_family {

bool revoke(const Call& call) {
  const auto grant = presented_grant(call);
  if (grant) {
    call.world.tokens.revoke(*grant);
  }
  return grant.has_value();
}

bool before(const oidc::Json& value, Call& call) {
  return value != "before" || revoke(call);
}

// The reply is good, and its tokens are worth nothing.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse&) {
  return value != "after" || revoke(call);
}

}  // namespace revoke_family
}  // namespace

extern const Verb kRevokeFamilyVerb{
    .name = "revoke_family", .before = &revoke_family::before, .after = &revoke_family::after};

}  // namespace mockserver
