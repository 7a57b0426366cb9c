#include "client_auth/authenticate.hpp"
#include "endpoints/about_token.hpp"
#include "endpoints/endpoint.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {
namespace revoke {

// RFC 7009 section 2. An unknown token is as good as revoked: 200. A refresh token takes its
// whole family along, an access token goes alone.
oidc::HttpResponse process(Call& call) {
  const std::string value = call.form.value_or_empty("token");
  TokenStore& tokens = call.world.tokens;
  if (const auto id = tokens.grant_of(value)) {
    const auto grant = tokens.grant(*id);
    if (grant && grant->client != call.client->id) {
      return refuse_as_json(call, refusal("invalid_grant", "the token was issued to another client"));
    }
    if (!tokens.revoke_access(value)) {
      tokens.revoke(*id);
    }
  }
  return {200, {}, ""};
}

void describe_metadata(const World&, const std::string& url, oidc::Json& metadata) {
  metadata["revocation_endpoint"] = url;
  describe_client_authentication("revocation", metadata);
}

}  // namespace revoke
}  // namespace

extern const Endpoint kRevokeEndpoint{
    .name = "revoke",
    .path = "/revoke",
    .methods = "POST",
    .no_store = true,
    .admit = &admit_about_token,
    .process = &revoke::process,
    .refuse = &refuse_as_json,
    .describe = &revoke::describe_metadata,
};

}  // namespace mockserver
