#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace expires_in {

// Any JSON: a number as a string, a negative or fractional one, null. The device authorization has one, too.
bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  bool set = false;
  edit_document(reply, [&](oidc::Json& document) {
    if (document.is_object() && (document.contains("access_token") || document.contains("device_code"))) {
      document["expires_in"] = value;
      set = true;
    }
  });
  return set;
}

}  // namespace expires_in
}  // namespace

extern const Verb kExpiresInVerb{
    .name = "expires_in", .endpoints = "token device_authorization", .after = &expires_in::after};

}  // namespace mockserver
