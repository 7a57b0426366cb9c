#include "server/tls_fault.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {
namespace tls {

bool before(const oidc::Json& value, Call& call) {
  if (!call.world.base_url.starts_with("https://")) {
    return false;  // nobody shakes hands
  }
  call.delivery.tls = read_tls_fault(value.get<std::string>());
  return true;
}

}  // namespace tls
}  // namespace

extern const Verb kTlsVerb{.name = "tls", .before = &tls::before};

}  // namespace mockserver
