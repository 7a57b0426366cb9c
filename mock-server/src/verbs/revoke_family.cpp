#include "script/facts.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

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

}  // namespace

extern const Verb kRevokeFamilyVerb{.name = "revoke_family", .before = &before, .after = &after};

}  // namespace mockserver
