#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace claims {

bool before(const oidc::Json& value, Call& call) {
  call.changes.access_claims = value.value("access", oidc::Json::object());
  call.changes.id_claims = value.value("id", oidc::Json::object());
  call.changes.userinfo_claims = value.value("userinfo", oidc::Json::object());
  return true;
}

// Each token that is named must have been issued.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  return (!value.contains("access") || issues_jwt(reply, "access_token")) &&
         (!value.contains("id") || issues_jwt(reply, "id_token")) &&
         (!value.contains("userinfo") || is_userinfo(call, reply));
}

}  // namespace claims
}  // namespace

extern const Verb kClaimsVerb{.name = "claims",
                              .needs_processing = true,
                              .endpoints = kJwtEndpoints,
                              .before = &claims::before,
                              .after = &claims::after};

}  // namespace mockserver
