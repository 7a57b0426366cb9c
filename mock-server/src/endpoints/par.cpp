#include "authorization.hpp"
#include "client_auth/authenticate.hpp"
#include "dpop.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "limits.hpp"
#include "pushed_request.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace par {

/// A proof binds the code like `dpop_jkt` does (RFC 9449 section 10.1).
oidc::Status bind_to_proof(Call& call) {
  if (!call.request.headers.contains("DPoP")) {
    return oidc::Done{};  // also where token requests need one
  }
  if (const auto checked = check_token_request_proof(call); !checked) {
    return checked;
  }
  const auto asked = call.parameter("dpop_jkt");
  if (asked && !call.dpop_jkt.empty() && *asked != call.dpop_jkt) {
    return refusal("invalid_request", "dpop_jkt is not the key of the DPoP proof");
  }
  if (!call.dpop_jkt.empty()) {
    call.form.set("dpop_jkt", call.dpop_jkt);
  }
  return oidc::Done{};
}

/// The parameters of the authorization request, without what proved the client.
oidc::Form request_parameters(const Call& call) {
  oidc::Form form = call.form;
  for (const char* name : {"client_secret", "client_assertion", "client_assertion_type"}) {
    form.remove(name);
  }
  form.set("client_id", call.client->id);
  return form;
}

oidc::Status admit(Call& call) {
  if (const auto admitted = admit_client(call, ClientAuthRule::kRegistered); !admitted) {
    return admitted;
  }
  if (const auto checked = check_what_is_kept(request_parameters(call), kLongestPushed); !checked) {
    return checked;
  }
  if (call.parameter("request_uri")) {
    return refusal("invalid_request", "request_uri cannot be pushed");
  }
  return bind_to_proof(call);
}

// RFC 9126 section 2: what the authorization endpoint would refuse is refused here.
oidc::HttpResponse process(Call& call) {
  World& world = call.world;
  if (const auto settled = settle_redirect_uri(call); !settled) {
    return refuse_as_json(call, settled.error());
  }
  call.pushed = std::string{kRequestUriPrefix} + world.random.token();
  if (const auto request = read_authorization(call); !request) {
    return refuse_as_json(call, request.error());
  }
  const auto lifetime = lifetimes_of(world.config, call.client.get()).par;
  world.ledger.record("par", call.pushed, "", call.now);
  world.pushed.add(call.pushed, {call.client->id, request_parameters(call), call.now + lifetime}, call.now);
  return json_reply(201, {{"request_uri", call.pushed}, {"expires_in", lifetime.count()}});
}

void describe_metadata(const World& world, const std::string& url, oidc::Json& metadata) {
  metadata["pushed_authorization_request_endpoint"] = url;
  metadata["require_pushed_authorization_requests"] = world.config.require_par;
}

}  // namespace par
}  // namespace

extern const Endpoint kParEndpoint{
    .name = "par",
    .path = "/par",
    .methods = "POST",
    .no_store = true,
    .admit = &par::admit,
    .process = &par::process,
    .refuse = &refuse_as_json,
    .describe = &par::describe_metadata,
};

}  // namespace mockserver
