#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace headers {

bool after(const oidc::Json& value, Call&, oidc::HttpResponse& reply) {
  for (const auto& [name, text] : value.items()) {
    reply.headers.set(name, text.get<std::string>());
  }
  return true;
}

}  // namespace headers
}  // namespace

extern const Verb kHeadersVerb{.name = "headers", .after = &headers::after};

}  // namespace mockserver
