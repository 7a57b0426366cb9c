#include "client_auth/authenticate.hpp"
#include "endpoints/about_token.hpp"
#include "endpoints/endpoint.hpp"
#include "reply.hpp"
#include "scope.hpp"
#include "token_claims.hpp"

namespace mockserver {
namespace {
namespace introspect {

/// A public client proves nothing about itself: it may ask about its own tokens only.
bool may_ask(const Call& call, const Grant& grant) {
  return call.client->auth != ClientAuthMethod::kNone || grant.client == call.client->id;
}

oidc::Json describe(const Call& call, const Grant& grant, const Scopes& scopes, oidc::TimePoint issued_at) {
  const ClientPtr owner = call.world.registry.client(grant.client);
  oidc::Json claims = {{"active", true},
                       {"iss", call.world.issuer_id},
                       {"client_id", grant.client},
                       {"sub", subject_of(call.world, owner.get(), grant)},
                       {"iat", oidc::epoch_seconds(issued_at).count()}};
  if (!scopes.empty()) {
    claims["scope"] = to_text(scopes);
  }
  return claims;
}

oidc::Json describe(const Call& call, const Live<AccessToken>& live) {
  oidc::Json claims = describe(call, live.grant, live.token.scopes, live.token.issued_at);
  claims["token_type"] = live.token.dpop_jkt.empty() ? "Bearer" : "DPoP";
  if (!live.token.dpop_jkt.empty()) {
    claims["cnf"] = {{"jkt", live.token.dpop_jkt}};  // RFC 9449 section 6.2
  }
  if (!live.token.audience.is_null()) {
    claims["aud"] = live.token.audience;
  }
  if (!live.grant.actor.is_null()) {
    claims["act"] = live.grant.actor;
  }
  claims["exp"] = oidc::epoch_seconds(live.token.expires_at).count();
  if (!live.token.jti.empty()) {
    claims["jti"] = live.token.jti;
  }
  return claims;
}

oidc::Json describe(const Call& call, const Live<RefreshToken>& live) {
  oidc::Json claims = describe(call, live.grant, live.grant.scopes, live.token.issued_at);
  if (live.token.expires_at) {
    claims["exp"] = oidc::epoch_seconds(*live.token.expires_at).count();
  }
  return claims;
}

// RFC 7662 section 2. Whatever isn't active is told in one word; the hint is only a hint.
oidc::HttpResponse process(Call& call) {
  const std::string value = call.form.value_or_empty("token");
  if (const auto access = call.world.tokens.find_access(value, call.now); access && may_ask(call, access->grant)) {
    return json_reply(200, describe(call, *access));
  }
  if (const auto refresh = call.world.tokens.find_refresh(value, call.now); refresh && may_ask(call, refresh->grant)) {
    return json_reply(200, describe(call, *refresh));
  }
  return json_reply(200, {{"active", false}});
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["introspection_endpoint"] = url;
  describe_client_authentication("introspection", metadata);
}

}  // namespace introspect
}  // namespace

extern const Endpoint kIntrospectEndpoint{
    .name = "introspect",
    .path = "/introspect",
    .methods = "POST",
    .no_store = true,
    .admit = &admit_about_token,
    .process = &introspect::process,
    .refuse = &refuse_as_json,
    .describe = &introspect::describe_metadata,
};

}  // namespace mockserver
