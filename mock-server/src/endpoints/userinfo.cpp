#include "bearer.hpp"
#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {

// Refuses nothing: a step may well be about a token that is not good any more. It only finds
// out whose token it is.
oidc::Status admit(Call& call) {
  const auto value = bearer_token(call);
  const auto id = value ? call.world.tokens.grant_of(*value) : std::nullopt;
  if (const auto grant = id ? call.world.tokens.grant(*id) : std::nullopt) {
    call.client_id = grant->client;
  }
  return oidc::Done{};
}

// OIDC Core section 5.3.
oidc::HttpResponse process(Call& call) {
  const auto value = bearer_token(call);
  if (!value) {
    return refuse_as_challenge(call, value.error());
  }
  const auto live = call.world.tokens.find_access(*value, call.now);
  if (!live) {
    return refuse_as_challenge(call, refusal("invalid_token", "the access token is unknown, expired or revoked"));
  }
  if (!has_scope(live->token.scopes, "openid")) {
    return refuse_as_challenge(call, refusal("insufficient_scope", "userinfo needs the scope openid"));
  }
  const UserPtr user = call.world.registry.user(live->grant.sub);
  oidc::Json claims = user != nullptr && user->claims.is_object() ? user->claims : oidc::Json::object();
  claims["sub"] = live->grant.sub;
  return json_reply(200, claims);
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["userinfo_endpoint"] = url;
}

}  // namespace

extern const Endpoint kUserinfoEndpoint{
    .name = "userinfo",
    .path = "/userinfo",
    .methods = "GET, POST",
    .no_store = true,
    .admit = &admit,
    .process = &process,
    .refuse = &refuse_as_challenge,
    .describe = &describe_metadata,
};

}  // namespace mockserver
