#include "audience.hpp"
#include "claim_templates.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "grants/subject_token.hpp"
#include "issue.hpp"
#include "refusal.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace token_exchange {

constexpr std::string_view kAccessType = "urn:ietf:params:oauth:token-type:access_token";
constexpr std::string_view kJwtType = "urn:ietf:params:oauth:token-type:jwt";

/// What is issued, by its identifier (RFC 8693 section 3).
oidc::Result<std::string> issued_type(const Call& call) {
  const std::string type = call.parameter("requested_token_type").value_or(std::string{kAccessType});
  const bool has_jwts = access_token_of(call.world.config, call.client.get()) == AccessTokenFormat::kJwt;
  if (type != kAccessType && !(type == kJwtType && has_jwts)) {
    return refusal("invalid_request", "requested_token_type is not supported");
  }
  return type;
}

/// What was granted for the subject token is the most that may be asked for; openid and offline_access must be asked
/// for by name.
oidc::Result<Scopes> exchanged_scopes(const Call& call, const Subject& subject) {
  const auto scope = call.parameter("scope");
  auto scopes = requested_scopes(call.world.config, call.client.get(), scope);
  if (!scopes || !subject.scopes) {
    return scopes;
  }
  const bool within = std::erase_if(*scopes, [&](const auto& one) { return !has_scope(*subject.scopes, one); }) == 0;
  if (scope && !within) {
    return refusal("invalid_scope", "the scope goes beyond that of the subject_token");
  }
  return scopes;
}

/// RFC 8693 section 4.4: `sub` names the actor, together with `iss` if that is there.
bool may_act(const Subject& subject, const Subject& actor) {
  const auto permission = subject.claims.find("may_act");
  if (permission == subject.claims.end()) {
    return true;
  }
  return oidc::string_member(*permission, "sub") == actor.sub &&
         oidc::string_member(*permission, "iss").value_or(actor.issuer) == actor.issuer;
}

/// The chain of who acts for whom, the latest outermost (RFC 8693 section 4.1); null if nobody acts for the subject.
oidc::Result<oidc::Json> acting_party(const Call& call, const Subject& subject) {
  if (!call.parameter("actor_token")) {
    return call.parameter("actor_token_type")
               ? oidc::Result<oidc::Json>{refusal("invalid_request", "actor_token_type without actor_token")}
               : oidc::Result<oidc::Json>{subject.actor};
  }
  const auto actor = read_subject(call, "actor");
  if (!actor) {
    return actor.error();
  }
  if (!may_act(subject, *actor)) {
    return refusal("invalid_request", "the subject_token does not let this actor act (may_act)");
  }
  oidc::Json act = {{"sub", actor->sub}};
  if (actor->issuer != subject.issuer) {
    act["iss"] = actor->issuer;
  }
  if (!subject.actor.is_null()) {
    act["act"] = subject.actor;
  }
  return act;
}

// RFC 8693 section 2.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto type = issued_type(call);
  if (!type) {
    return type.error();
  }
  const auto subject = read_subject(call, "subject");
  if (!subject) {
    return subject.error();
  }
  const auto actor = acting_party(call, *subject);
  if (!actor) {
    return actor.error();
  }
  const auto scopes = exchanged_scopes(call, *subject);
  if (!scopes) {
    return scopes.error();
  }
  const auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return audience.error();
  }
  Grant grant{call.client->id, subject->sub, *scopes, "", subject->auth_time, subject->of_user};
  grant.audience = *audience;
  grant.actor = *actor;
  grant.dpop_jkt = call.dpop_jkt;
  const GrantId id = call.world.tokens.open(grant);
  keep_parameters(call, id, &grant);
  oidc::Json reply = issue_tokens(call.world, {id, std::move(grant), *scopes, subject->name, call.now}, call.changes);
  reply["issued_token_type"] = *type;
  return reply;
}

}  // namespace token_exchange
}  // namespace

extern const GrantType kTokenExchangeGrant{.name = "token_exchange",
                                           .identifier = "urn:ietf:params:oauth:grant-type:token-exchange",
                                           .redeem = &token_exchange::redeem};

}  // namespace mockserver
