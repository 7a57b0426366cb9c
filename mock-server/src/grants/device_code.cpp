#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"

namespace mockserver {

// RFC 8628 section 3.4.
oidc::Result<oidc::Json> redeem_device_code(Call& call) {
  const auto code = require(call, "device_code");
  if (!code) {
    return code.error();
  }
  auto device = call.world.devices.poll(*code, call.client->id, call.slow_down, call.now);
  if (!device) {
    return device.error();
  }
  Grant grant{call.client->id, call.world.config.users.front().sub, device->scopes, "", call.now};
  const GrantId id = call.world.tokens.open(grant);
  return issue_tokens(call.world, {id, std::move(grant), device->scopes, device->name, call.now}, call.changes);
}

}  // namespace mockserver
