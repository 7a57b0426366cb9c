#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "reply_document.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace error {

/// error_uri (RFC 6749 section 5.2), in whatever form the error has.
void add_uri(const std::string& uri, oidc::HttpResponse& reply) {
  if (const auto challenge = reply.headers.get("WWW-Authenticate"); challenge && reply.body.empty()) {
    reply.headers.set("WWW-Authenticate", *challenge + ", error_uri=" + quoted_string(uri));
    return;
  }
  edit_document(reply, [&](oidc::Json& document) { document["error_uri"] = uri; });
}

// Each endpoint has its own way to say it: JSON, a challenge, a redirect.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (value.is_string()) {
    reply = call.endpoint->refuse(call, refusal(value.get<std::string>(), ""));
    return true;
  }
  reply = call.endpoint->refuse(
      call, refusal(value["code"].get<std::string>(), value.value("description", ""), value.value("status", 0)));
  if (value.contains("uri")) {
    add_uri(value["uri"].get<std::string>(), reply);
  }
  return true;
}

}  // namespace error
}  // namespace

extern const Verb kErrorVerb{.name = "error", .replaces = true, .after = &error::after};

}  // namespace mockserver
