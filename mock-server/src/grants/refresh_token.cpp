#include "audience.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"
#include "refusal.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace refresh_token {

/// What the request asks for beside the token; looked at before the token is used up.
struct Wish {
  Scopes narrower;      ///< empty: all that was granted
  oidc::Json audience;  ///< null: as configured
};

oidc::Result<Wish> read_wish(const Call& call, const std::string& refresh_token) {
  Wish wish;
  const auto id = call.world.tokens.grant_of(refresh_token);
  const Grant grant = id ? call.world.tokens.grant(*id).value_or(Grant{}) : Grant{};
  // Confidential clients prove themselves otherwise (RFC 9449 section 5).
  const bool is_public = call.client->auth == ClientAuthMethod::kNone;
  if (is_public && !grant.dpop_jkt.empty() && grant.dpop_jkt != call.dpop_jkt) {
    return refusal("invalid_grant", "the refresh token is bound to another DPoP key");
  }
  auto audience = requested_audience(call, grant.audience);
  if (!audience) {
    return audience.error();
  }
  wish.audience = *std::move(audience);
  if (const auto scope = call.parameter("scope")) {
    auto scopes = requested_scopes(call.world.config, call.client.get(), scope);
    if (!scopes) {
      return scopes.error();
    }
    wish.narrower = *std::move(scopes);
  }
  return wish;
}

// RFC 6749 section 6. A narrower scope narrows this access token only, not the grant.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto value = require(call, "refresh_token");
  if (!value) {
    return value.error();
  }
  const auto wish = read_wish(call, *value);
  if (!wish) {
    return wish.error();
  }
  const IssuerConfig& config = call.world.config;
  const RefreshPolicy policy = call.changes.refresh.value_or(refresh_of(config, call.client.get()));
  const RefreshUse use{.consume = policy == RefreshPolicy::kRotate,
                       .reuse = config.refresh_reuse,
                       .grace = call.changes.refresh_grace.value_or(config.refresh_grace)};
  auto presented = call.world.tokens.redeem_refresh(*value, call.client->id, wish->narrower, use, call.now);
  if (!presented) {
    return presented.error();
  }
  const Scopes& scopes = wish->narrower.empty() ? presented->grant.scopes : wish->narrower;
  IssueOrder order{presented->token.grant, presented->grant, scopes, presented->token.name, call.now};
  order.grant.audience = wish->audience;
  order.grant.dpop_jkt = call.dpop_jkt;
  order.presented_refresh = *value;
  order.refresh = policy;
  return issue_tokens(call.world, order, call.changes);
}

}  // namespace refresh_token
}  // namespace

extern const GrantType kRefreshTokenGrant{
    .name = "refresh_token", .identifier = "refresh_token", .redeem = &refresh_token::redeem};

}  // namespace mockserver
