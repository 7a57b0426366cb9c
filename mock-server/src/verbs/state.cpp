#include "verbs/authorization_response.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace state {

// RFC 6749 section 10.12.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  return edit_authorization(call, reply, [&](oidc::Json& document) {
    if (!document.contains("state")) {
      return false;
    }
    if (value == "omit") {
      document.erase("state");
    } else {
      document["state"] = "wrong-" + document["state"].get<std::string>();
    }
    return true;
  });
}

}  // namespace state
}  // namespace

extern const Verb kStateVerb{.name = "state", .endpoints = "authorize", .after = &state::after};

}  // namespace mockserver
