#include "form_request.hpp"
#include "grants/grant_type.hpp"
#include "issue.hpp"

namespace mockserver {
namespace {

// RFC 6749 section 4.1.3, RFC 7636 section 4.6.
oidc::Result<oidc::Json> redeem(Call& call) {
  const auto code = require(call, "code");
  if (!code) {
    return code.error();
  }
  const CodeProof proof{*code, call.client->id, call.form.value_or_empty("redirect_uri"),
                        call.parameter("code_verifier")};
  const Redemption redemption = call.world.codes.redeem(proof, call.now);
  if (redemption.reused) {
    // Whoever holds the tokens that the first use gave may have stolen the code. A reply to the
    // first use that is still being made belongs to the same grant and is worth nothing either.
    call.world.tokens.revoke(*redemption.reused);
  }
  if (!redemption.code) {
    return redemption.refused;
  }
  const auto grant = call.world.tokens.grant(redemption.code->grant);
  return issue_tokens(call.world, {redemption.code->grant, *grant, grant->scopes, redemption.code->name, call.now},
                      call.changes);
}

}  // namespace

extern const GrantType kAuthorizationCodeGrant{
    .name = "authorization_code", .identifier = "authorization_code", .redeem = &redeem};

}  // namespace mockserver
