#include <chrono>
#include <cstdint>

#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace grace {

bool before(const oidc::Json& value, Call& call) {
  call.changes.refresh_grace = std::chrono::seconds{static_cast<std::int64_t>(value.get<double>())};
  return call.grant == "refresh_token";
}

bool after(const oidc::Json&, Call&, oidc::HttpResponse& reply) {
  return reply.status == 200;
}

}  // namespace grace
}  // namespace

extern const Verb kGraceVerb{.name = "grace",
                             .needs_processing = true,
                             .endpoints = "token",
                             .grants = "refresh_token",
                             .before = &grace::before,
                             .after = &grace::after};

}  // namespace mockserver
