#include "endpoints/endpoint.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace duplicate_callback {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '&' ? "&amp;" : c == '"' ? "&quot;" : c == '<' ? "&lt;" : std::string(1, c);
  }
  return result;
}

// What a double click or a prefetching browser does: the callback comes twice, with the same code.
bool after(const oidc::Json&, Call& call, oidc::HttpResponse& reply) {
  const auto location = reply.headers.get("Location");
  if (call.endpoint->name != "authorize" || !location) {
    return false;
  }
  const std::string url = escaped(*location);
  reply.status = 200;
  reply.headers.remove("Location");
  reply.headers.set("Content-Type", "text/html; charset=utf-8");
  reply.headers.set("Refresh", "1; url=" + *location);
  reply.body = "<!doctype html>\n<html lang=\"en\"><title>Signed in</title>\n<iframe title=\"first\" src=\"" + url +
               "\"></iframe>\n<p><a href=\"" + url + "\">Continue</a></p></html>\n";
  return true;
}

}  // namespace duplicate_callback
}  // namespace

extern const Verb kDuplicateCallbackVerb{
    .name = "duplicate_callback", .endpoints = "authorize", .after = &duplicate_callback::after};

}  // namespace mockserver
