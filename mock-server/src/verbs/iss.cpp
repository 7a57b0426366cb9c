#include "verbs/authorization_response.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace iss {

// RFC 9207 section 2.4.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  return edit_authorization(call, reply, [&](oidc::Json& document) {
    if (!document.contains("iss")) {
      return false;
    }
    if (value == "omit") {
      document.erase("iss");
    } else {
      document["iss"] = document["iss"].get<std::string>() + "/other";
    }
    return true;
  });
}

}  // namespace iss
}  // namespace

extern const Verb kIssVerb{.name = "iss", .endpoints = "authorize", .after = &iss::after};

}  // namespace mockserver
