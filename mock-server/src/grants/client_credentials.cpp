#include "audience.hpp"
#include "claim_templates.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace client_credentials {

// RFC 6749 section 4.4. There is no user: openid and offline_access mean nothing and are left
// out of what is granted, as the reply's `scope` says.
oidc::Result<oidc::Json> redeem(Call& call) {
  auto scopes = requested_scopes(call.world.config, call.client.get(), call.parameter("scope"));
  if (!scopes) {
    return scopes.error();
  }
  drop_user_scopes(*scopes);
  const auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return audience.error();
  }
  Grant grant{call.client->id, call.client->id, *scopes, "", call.now, false};
  grant.audience = *audience;
  grant.dpop_jkt = call.dpop_jkt;
  const GrantId id = call.world.tokens.open(grant);
  keep_parameters(call, id, &grant);
  return issue_tokens(call.world, {id, std::move(grant), std::move(*scopes), "", call.now}, call.changes);
}

}  // namespace client_credentials
}  // namespace

extern const GrantType kClientCredentialsGrant{
    .name = "client_credentials", .identifier = "client_credentials", .redeem = &client_credentials::redeem};

}  // namespace mockserver
