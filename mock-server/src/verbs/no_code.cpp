#include "verbs/authorization_response.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace no_code {

bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  return edit_authorization(call, reply, [](oidc::Json& document) { return document.erase("code") > 0; });
}

}  // namespace no_code
}  // namespace

extern const Verb kNoCodeVerb{
    .name = "no_code", .needs_processing = true, .endpoints = "authorize", .after = &no_code::after};

}  // namespace mockserver
