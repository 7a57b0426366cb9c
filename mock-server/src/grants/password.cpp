#include "audience.hpp"
#include "claim_templates.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace password {

// RFC 6749 section 4.3. The user name is the user's `sub`; who has no password cannot log in like this.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto username = require(call, "username");
  if (!username) {
    return username.error();
  }
  const auto password = require(call, "password");
  if (!password) {
    return password.error();
  }
  auto scopes = requested_scopes(call.world.config, call.client.get(), call.parameter("scope"));
  if (!scopes) {
    return scopes.error();
  }
  const auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return audience.error();
  }
  const UserPtr user = call.world.registry.user(*username);
  if (user == nullptr || user->password.empty() || !oidc::equal_secrets(*password, user->password)) {
    return refusal("invalid_grant", "unknown user or wrong password");
  }
  Grant grant{call.client->id, user->sub, *scopes, "", call.now};
  grant.audience = *audience;
  grant.dpop_jkt = call.dpop_jkt;
  const GrantId id = call.world.tokens.open(grant);
  keep_parameters(call, id, &grant);
  return issue_tokens(call.world, {id, std::move(grant), std::move(*scopes), "", call.now}, call.changes);
}

}  // namespace password
}  // namespace

extern const GrantType kPasswordGrant{.name = "password", .identifier = "password", .redeem = &password::redeem};

}  // namespace mockserver
