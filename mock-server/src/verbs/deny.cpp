#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace deny {

bool before(const oidc::Json&, Call& call) {
  call.replaced = call.replaced || call.endpoint->name == "authorize";
  return call.endpoint->name == "authorize";
}

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  if (call.endpoint->name != "authorize") {
    return false;
  }
  reply = call.endpoint->refuse(call, refusal("access_denied", "the user said no"));
  return true;
}

}  // namespace deny
}  // namespace

extern const Verb kDenyVerb{
    .name = "deny", .needs_processing = true, .endpoints = "authorize", .before = &deny::before, .after = &deny::after};

}  // namespace mockserver
