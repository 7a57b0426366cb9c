#include "client_auth.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"

namespace mockserver {

oidc::Status admit_token(Call& call) {
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
  return oidc::Done{};
}

oidc::HttpResponse token(Call& call) {
  const auto reply = find_grant_type(call.form.value_or_empty("grant_type"))->redeem(call);
  return reply ? json_reply(200, *reply) : refuse_as_json(call, reply.error());
}

}  // namespace mockserver
