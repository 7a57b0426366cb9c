#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

// Each endpoint has its own way to say it: JSON, a challenge, a redirect.
bool after(const oidc::Json& value, Call& call, oidc::HttpResponse& reply) {
  if (value.is_string()) {
    reply = call.endpoint->refuse(call, refusal(value.get<std::string>(), ""));
    return true;
  }
  reply = call.endpoint->refuse(
      call, refusal(value["code"].get<std::string>(), value.value("description", ""), value.value("status", 0)));
  return true;
}

}  // namespace

extern const Verb kErrorVerb{.name = "error", .replaces = true, .after = &after};

}  // namespace mockserver
