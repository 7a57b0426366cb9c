#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace redirect {

// A gateway in front of the issuer, or one that has moved.
bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  reply.status = value.is_object() ? value.value("status", 302) : 302;
  reply.headers.set("Location", value.is_object() ? value["to"].get<std::string>() : value.get<std::string>());
  return true;
}

}  // namespace redirect
}  // namespace

extern const Verb kRedirectVerb{.name = "redirect", .replaces = true, .after = &redirect::after};

}  // namespace mockserver
