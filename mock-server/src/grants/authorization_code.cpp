#include "audience.hpp"
#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {
namespace authorization_code {

/// A code that was asked for with `dpop_jkt` is for that key (RFC 9449 section 10).
oidc::Status check_key(const Call& call, const std::optional<Grant>& grant) {
  return !grant || grant->dpop_jkt.empty() || grant->dpop_jkt == call.dpop_jkt
             ? oidc::Status{oidc::Done{}}
             : refusal("invalid_grant", "the code is bound to another DPoP key");
}

// RFC 6749 section 4.1.3, RFC 7636 section 4.6.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto code = require(call, "code");
  if (!code) {
    return code.error();
  }
  // Whatever is wrong with the request must not use up the code: it may be somebody else's who has but seen it.
  const auto known = call.world.codes.grant_of(*code);
  const auto asked = known ? call.world.tokens.grant(*known) : std::nullopt;
  const auto audience = requested_audience(call, asked ? asked->audience : oidc::Json{});
  const CodeProof proof{*code, call.client->id, call.form.value_or_empty("redirect_uri"),
                        call.parameter("code_verifier"), audience ? check_key(call, asked) : audience.error()};
  const Redemption redemption = call.world.codes.redeem(proof, call.now);
  if (redemption.reused) {
    // Whoever holds the tokens that the first use gave may have stolen the code. A reply to the
    // first use that is still being made belongs to the same grant and is worth nothing either.
    call.world.tokens.revoke(*redemption.reused);
  }
  if (!redemption.code) {
    return redemption.refused;
  }
  auto grant = call.world.tokens.grant(redemption.code->grant);
  if (!grant) {
    return refusal("invalid_grant", "the code is revoked");
  }
  grant->audience = *audience;
  grant->dpop_jkt = call.dpop_jkt;
  if (call.client->auth == ClientAuthMethod::kNone) {  // its refresh tokens are bound, too (RFC 9449 section 5)
    call.world.tokens.bind(redemption.code->grant, call.dpop_jkt);
  }
  return issue_tokens(call.world, {redemption.code->grant, *grant, grant->scopes, redemption.code->name, call.now},
                      call.changes);
}

}  // namespace authorization_code
}  // namespace

extern const GrantType kAuthorizationCodeGrant{
    .name = "authorization_code", .identifier = "authorization_code", .redeem = &authorization_code::redeem};

}  // namespace mockserver
