#include "verbs/authorization_response.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace code_and_error {

bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  return edit_authorization(call, reply, [&](oidc::Json& document) {
    if (!document.contains("code")) {
      return false;
    }
    document["error"] = value.is_string() ? value : oidc::Json("access_denied");
    return true;
  });
}

}  // namespace code_and_error
}  // namespace

extern const Verb kCodeAndErrorVerb{
    .name = "code_and_error", .needs_processing = true, .endpoints = "authorize", .after = &code_and_error::after};

}  // namespace mockserver
