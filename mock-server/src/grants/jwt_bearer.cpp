#include "audience.hpp"
#include "claim_templates.hpp"
#include "client_auth/assertion.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "grants/subject_token.hpp"
#include "issue.hpp"
#include "refusal.hpp"
#include "scope.hpp"

namespace mockserver {
namespace {
namespace jwt_bearer {

oidc::Error invalid_grant(const std::string& why) {
  return refusal("invalid_grant", why);
}

/// Whom the assertion is about: whoever a trusted issuer names; the client itself or a known user if the client signed
/// it with its own key.
oidc::Status check_issuer(const Call& call, const ReceivedJwt& assertion) {
  if (trusted_signer(call.world.config, assertion) != nullptr) {
    return oidc::Done{};
  }
  if (assertion.claim("iss") != call.client->id || !is_signed_by_one_of(call.client->keys, assertion)) {
    return invalid_grant("neither a trusted issuer nor the client signed the assertion");
  }
  const std::string sub = assertion.claim("sub");
  if (sub != call.client->id && call.world.registry.user(sub) == nullptr) {
    return invalid_grant("the assertion is about an unknown user");
  }
  return oidc::Done{};
}

/// RFC 7523 section 3. Uses up the `jti`, if there is one.
oidc::Result<ReceivedJwt> read_assertion(Call& call) {
  const auto text = require(call, "assertion");
  if (!text) {
    return text.error();
  }
  auto assertion = read_jwt(*text);
  if (!assertion || assertion->claim("sub").empty()) {
    return invalid_grant("the assertion is no JWT with a subject");
  }
  if (const auto checked = check_issuer(call, *assertion); !checked) {
    return checked.error();
  }
  if (!is_for_this_issuer(call, *assertion)) {
    return invalid_grant("the assertion is for another audience");
  }
  if (const char* why = why_untimely(assertion->claims, call.now)) {
    return invalid_grant(std::string{"the assertion "} + why);
  }
  const std::string jti = assertion->claim("jti");
  const std::string id = "grant\n" + assertion->claim("iss") + '\n' + jti;
  if (!jti.empty() && !call.world.assertions.use(id, *time_claim(assertion->claims, "exp"), call.now)) {
    return invalid_grant("the assertion was used before");
  }
  return *std::move(assertion);
}

// RFC 7523 section 2.1.
oidc::Result<oidc::Json> redeem(Call& call) {
  auto scopes = requested_scopes(call.world.config, call.client.get(), call.parameter("scope"));
  if (!scopes) {
    return scopes.error();
  }
  const auto audience = requested_audience(call, oidc::Json{});
  if (!audience) {
    return audience.error();
  }
  const auto assertion = read_assertion(call);
  if (!assertion) {
    return assertion.error();
  }
  const std::string sub = assertion->claim("sub");
  const bool of_user = sub != call.client->id;
  if (!of_user) {
    drop_user_scopes(*scopes);
  }
  Grant grant{call.client->id, sub, *scopes, "", call.now, of_user};
  grant.audience = *audience;
  grant.dpop_jkt = call.dpop_jkt;
  const GrantId id = call.world.tokens.open(grant);
  keep_parameters(call, id, &grant);
  return issue_tokens(call.world, {id, std::move(grant), *std::move(scopes), "", call.now}, call.changes);
}

}  // namespace jwt_bearer
}  // namespace

extern const GrantType kJwtBearerGrant{
    .name = "jwt_bearer", .identifier = "urn:ietf:params:oauth:grant-type:jwt-bearer", .redeem = &jwt_bearer::redeem};

}  // namespace mockserver
