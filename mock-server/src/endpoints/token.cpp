#include "client_auth/authenticate.hpp"
#include "dpop.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"

namespace mockserver {

extern const Endpoint kAuthorizeEndpoint;            // authorize.cpp
extern const Endpoint kDeviceAuthorizationEndpoint;  // device_authorization.cpp

namespace {
namespace token {

oidc::Status admit(Call& call) {
  if (const auto read = read_form(call); !read) {
    return read;
  }
  const auto identifier = require(call, "grant_type");
  if (!identifier) {
    return identifier.error();
  }
  const GrantType* type = find_grant_type(*identifier);
  call.grant = type != nullptr ? std::string{type->name} : *identifier;
  if (const auto authenticated = authenticate_client(call, ClientAuthRule::kRegistered); !authenticated) {
    return authenticated;
  }
  if (type == nullptr) {
    return refusal("unsupported_grant_type", "this issuer does not know the grant type");
  }
  if (!has_scope(call.client->grants, type->name)) {
    return refusal("unauthorized_client", "the client may not use this grant type");
  }
  return check_token_request_proof(call);
}

oidc::HttpResponse process(Call& call) {
  const auto reply = find_grant_type(call.form.value_or_empty("grant_type"))->redeem(call);
  return reply ? json_reply(200, *reply) : refuse_as_json(call, reply.error());
}

/// Codes and device codes are to be had only where the issuer has the endpoint that gives them.
bool can_begin(const World& world, const GrantType& type) {
  const Endpoint* start = type.name == "authorization_code" ? &kAuthorizeEndpoint
                          : type.name == "device_code"      ? &kDeviceAuthorizationEndpoint
                                                            : nullptr;
  return start == nullptr || path_of(world, *start);
}

void describe_metadata(const World& world, const std::string& url, oidc::Json& metadata) {
  metadata["token_endpoint"] = url;
  describe_client_authentication("token", metadata);
  describe_dpop(metadata);
  auto& grants = metadata["grant_types_supported"] = oidc::Json::array();
  for (const GrantType* type : grant_types()) {
    if (can_begin(world, *type)) {
      grants.push_back(type->identifier);
    }
  }
}

}  // namespace token
}  // namespace

extern const Endpoint kTokenEndpoint{
    .name = "token",
    .path = "/token",
    .methods = "POST",
    .no_store = true,
    .admit = &token::admit,
    .process = &token::process,
    .refuse = &refuse_as_json,
    .describe = &token::describe_metadata,
};

}  // namespace mockserver
