#include "verbs/authorization_response.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return edit_authorization(call, reply, [](oidc::Json& document) { return document.erase("code") > 0; });
}

}  // namespace

extern const Verb kNoCodeVerb{.name = "no_code", .needs_processing = true, .endpoints = "authorize", .after = &after};

}  // namespace mockserver
