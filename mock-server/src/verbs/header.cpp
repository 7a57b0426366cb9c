#include "verbs/issued.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace header {

bool before(const oidc::Json& value, Call& call) {
  call.changes.access_header = value.value("access", oidc::Json::object());
  call.changes.id_header = value.value("id", oidc::Json::object());
  return true;
}

// Each token that is named must have been issued.
bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  return (!value.contains("access") || issues_jwt(reply, "access_token")) &&
         (!value.contains("id") || issues_jwt(reply, "id_token"));
}

}  // namespace header
}  // namespace

extern const Verb kHeaderVerb{.name = "header",
                              .needs_processing = true,
                              .endpoints = kTokenEndpoints,
                              .before = &header::before,
                              .after = &header::after};

}  // namespace mockserver
