#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {

// RFC 6749 section 6. A narrower scope narrows this access token only, not the grant.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto value = require(call, "refresh_token");
  if (!value) {
    return value.error();
  }
  Scopes narrower;
  if (const auto scope = call.parameter("scope")) {
    auto scopes = requested_scopes(call.world.config, scope);
    if (!scopes) {
      return scopes.error();
    }
    narrower = std::move(*scopes);
  }
  const IssuerConfig& config = call.world.config;
  const RefreshPolicy policy = call.changes.refresh.value_or(refresh_of(config, call.client.get()));
  const RefreshUse use{.consume = policy == RefreshPolicy::kRotate,
                       .reuse = config.refresh_reuse,
                       .grace = call.changes.refresh_grace.value_or(config.refresh_grace)};
  auto presented = call.world.tokens.redeem_refresh(*value, call.client->id, narrower, use, call.now);
  if (!presented) {
    return presented.error();
  }
  IssueOrder order{presented->token.grant, presented->grant, narrower.empty() ? presented->grant.scopes : narrower,
                   presented->token.name, call.now};
  order.presented_refresh = *value;
  order.refresh = policy;
  return issue_tokens(call.world, order, call.changes);
}

}  // namespace

extern const GrantType kRefreshTokenGrant{.name = "refresh_token", .identifier = "refresh_token", .redeem = &redeem};

}  // namespace mockserver
