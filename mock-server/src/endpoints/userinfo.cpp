#include <set>

#include "bearer.hpp"
#include "endpoints/endpoint.hpp"
#include "issue.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace userinfo {

// OIDC Core section 5.3.
oidc::HttpResponse process(Call& call) {
  const auto live = shown_token(call);
  if (!live) {
    return refuse_as_challenge(call, live.error());
  }
  if (!has_scope(live->token.scopes, "openid")) {
    return refuse_as_challenge(call, refusal("insufficient_scope", "userinfo needs the scope openid"));
  }
  const ClientPtr client = call.world.registry.client(live->grant.client);
  const std::string alg = client != nullptr ? client->userinfo_alg : "";
  oidc::Json claims = userinfo_claims(call.world, client.get(), live->grant, live->token.scopes, call.now);
  if (!alg.empty()) {  // section 5.3.2: a signed one says whose it is
    claims["iss"] = call.world.issuer_id;
    claims["aud"] = live->grant.client;
  }
  if (!call.changes.userinfo_claims.empty()) {
    claims.merge_patch(call.changes.userinfo_claims);
  }
  if (alg.empty()) {
    return json_reply(200, claims);
  }
  return {200,
          {{"Content-Type", "application/jwt"}},
          make_jwt(call.world, {kIdTyp, alg}, claims, oidc::Json::object(), call.changes)};
}

void describe_metadata(const World& world, const std::string& url, oidc::Json& metadata) {
  metadata["userinfo_endpoint"] = url;
  std::set<std::string> algs;
  for (const ClientPtr& client : world.registry.clients()) {
    if (!client->userinfo_alg.empty()) {
      algs.insert(client->userinfo_alg);
    }
  }
  if (!algs.empty()) {
    metadata["userinfo_signing_alg_values_supported"] = algs;
  }
}

}  // namespace userinfo
}  // namespace

extern const Endpoint kUserinfoEndpoint{
    .name = "userinfo",
    .path = "/userinfo",
    .methods = "GET, POST",
    .no_store = true,
    .admit = &find_token_owner,
    .process = &userinfo::process,
    .refuse = &refuse_as_challenge,
    .describe = &userinfo::describe_metadata,
};

}  // namespace mockserver
