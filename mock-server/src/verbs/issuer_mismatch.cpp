#include "endpoints/endpoint.hpp"
#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace issuer_mismatch {

// Discovery section 4.3 wants the client to compare it with the URL that it asked.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  const std::string other = value.is_string() ? value.get<std::string>() : call.world.base_url + "/other";
  return call.endpoint->name == "discovery" &&
         edit_document(reply, [&](oidc::Json& document) { document["issuer"] = other; });
}

}  // namespace issuer_mismatch
}  // namespace

extern const Verb kIssuerMismatchVerb{
    .name = "issuer_mismatch", .endpoints = "discovery", .after = &issuer_mismatch::after};

}  // namespace mockserver
