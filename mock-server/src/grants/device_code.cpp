#include "audience.hpp"
#include "claim_templates.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"

namespace mockserver {
namespace {
namespace device_code {

// RFC 8628 section 3.4.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto code = require(call, "device_code");
  if (!code) {
    return code.error();
  }
  // What was asked for with the codes is the most that may be asked for now; looked at before the code is used up.
  const auto known = call.world.devices.find(*code);
  const auto audience = requested_audience(call, known ? known->audience : oidc::Json{});
  if (known && !audience) {
    return audience.error();
  }
  auto device = call.world.devices.poll(*code, call.client->id, call.slow_down, call.now);
  if (!device) {
    return device.error();
  }
  // Who logged in on the verification page; without a page, the first user does at this moment.
  const Login login = device->login.value_or(Login{call.world.registry.first_user()->sub, call.now});
  Grant grant{call.client->id, login.sub, device->scopes, "", login.auth_time};
  grant.acr = login.acr;
  grant.amr = login.amr;
  grant.audience = *audience;
  grant.dpop_jkt = call.dpop_jkt;
  const GrantId id = call.world.tokens.open(grant);
  keep_parameters(call, id, &grant);
  return issue_tokens(call.world, {id, std::move(grant), device->scopes, device->name, call.now}, call.changes);
}

}  // namespace device_code
}  // namespace

extern const GrantType kDeviceCodeGrant{.name = "device_code",
                                        .identifier = "urn:ietf:params:oauth:grant-type:device_code",
                                        .redeem = &device_code::redeem};

}  // namespace mockserver
