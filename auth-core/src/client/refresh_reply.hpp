#pragma once

#include "authcore/credential.hpp"
#include "client/token_checks.hpp"
#include "oidc/json.hpp"
#include "oidc/log.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// The part of `response`, the reply to a refresh of `current`, that may replace what is held: all of
/// it, or all but an ID token that cannot be judged now, which the log tells (OIDC Core §12.2).
///
/// Errors: a kind of `kInvalidToken`, not definite, if the ID token is proven wrong: form, signature,
/// issuer, audience, authorized party, expiry, at_hash, or another subject or nonce than that of the held
/// ID token.
oidc::Result<oidc::Json> adoptable_reply(oidc::Json response, const Credential& current, TokenChecks& checks,
                                         const oidc::Log& log);

}  // namespace authcore
