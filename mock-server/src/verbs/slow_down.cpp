#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace slow_down {

// Said by the device grant itself, so that the longer interval is remembered and enforced.
bool before(const oidc::Json&, Call& call) {
  call.slow_down = true;
  return true;
}

// Whatever is no poll of a device grant that could go on is answered otherwise.
bool after(const oidc::Json&, Call&, oidc::HttpResponse& reply) {
  const auto document = oidc::parse_json(reply.body);
  return document && document->is_object() && oidc::string_member(*document, "error") == "slow_down";
}

}  // namespace slow_down
}  // namespace

extern const Verb kSlowDownVerb{.name = "slow_down",
                                .needs_processing = true,
                                .endpoints = "token",
                                .grants = "device_code",
                                .before = &slow_down::before,
                                .after = &slow_down::after};

}  // namespace mockserver
