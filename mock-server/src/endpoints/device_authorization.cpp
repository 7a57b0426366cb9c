#include <array>

#include "audience.hpp"
#include "client_auth/authenticate.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "limits.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"

namespace mockserver {

extern const Endpoint kDevicePageEndpoint;  // device_page.cpp

namespace {
namespace device_authorization {

/// Eight consonants in two groups (RFC 8628 section 6.1).
std::string new_user_code(oidc::Random& random) {
  static constexpr std::string_view kLetters = "BCDFGHJKLMNPQRSTVWXZ";
  std::string code;
  for (int i = 0; i < 8; ++i) {
    if (i == 4) {
      code += '-';
    }
    code += kLetters[random.below(kLetters.size())];
  }
  return code;
}

std::chrono::seconds lifetime_of(const Call& call) {
  return lifetimes_of(call.world.config, call.client.get()).device;
}

DeviceGrant new_grant(Call& call, Scopes scopes, oidc::Json audience) {
  World& world = call.world;
  DeviceGrant grant;
  grant.device_code = world.random.token();
  grant.user_code = new_user_code(world.random);
  grant.name = world.ledger.record("dc", grant.device_code, "", call.now);
  world.ledger.record("uc", grant.user_code, grant.name, call.now);
  grant.client = call.client->id;
  grant.scopes = std::move(scopes);
  grant.audience = std::move(audience);
  grant.issued_at = call.now;
  grant.expires_at = call.now + lifetime_of(call);
  grant.interval = world.config.device.interval;
  grant.planned = world.config.device.decision;
  grant.planned_at = call.now + world.config.device.decide_after;
  return grant;
}

oidc::Status admit(Call& call) {
  if (const auto admitted = admit_client(call, ClientAuthRule::kRegistered); !admitted) {
    return admitted;
  }
  if (!has_scope(call.client->grants, "device_code")) {
    return refusal("unauthorized_client", "the client may not use the device grant");
  }
  return check_what_is_kept(call.form, kLongestRequest);
}

// RFC 8628 section 3.2; `resource` (RFC 8707) is for the tokens to come.
oidc::HttpResponse process(Call& call) {
  auto scopes = requested_scopes(call.world.config, call.client.get(), call.parameter("scope"));
  if (!scopes) {
    return refuse_as_json(call, scopes.error());
  }
  auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return refuse_as_json(call, audience.error());
  }
  const DeviceGrant grant = new_grant(call, std::move(*scopes), *std::move(audience));
  const std::string uri = call.world.base_url + path_of(call.world, kDevicePageEndpoint).value_or("/device");
  auto reply = json_reply(200, {{"device_code", grant.device_code},
                                {"user_code", grant.user_code},
                                {"verification_uri", uri},
                                {"verification_uri_complete", uri + "?user_code=" + grant.user_code},
                                {"expires_in", lifetime_of(call).count()},
                                {"interval", grant.interval.count()}});
  call.world.devices.add(grant);
  return reply;
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["device_authorization_endpoint"] = url;
}

}  // namespace device_authorization
}  // namespace

extern const Endpoint kDeviceAuthorizationEndpoint{
    .name = "device_authorization",
    .path = "/device_authorization",
    .methods = "POST",
    .no_store = true,
    .admit = &device_authorization::admit,
    .process = &device_authorization::process,
    .refuse = &refuse_as_json,
    .describe = &device_authorization::describe_metadata,
};

}  // namespace mockserver
