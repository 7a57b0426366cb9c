#pragma once

#include <string>

#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "scope.hpp"
#include "stores/token_store.hpp"
#include "world.hpp"

/// What correct tokens say. Users' further claims and the configuration's templates never replace what the
/// specifications settle.
namespace mockserver {

/// Of a JWT access token (RFC 9068 section 2.2, RFC 9449 section 6, RFC 8693 section 4.1). `client` may be null.
oidc::Json access_claims(World& world, const ClientConfig* client, const Grant& grant, const Scopes& scopes,
                         oidc::TimePoint now);

/// Of an ID token (OIDC Core section 2), but for nonce, at_hash and c_hash, which depend on the reply.
oidc::Json id_claims(World& world, const ClientConfig* client, const Grant& grant, oidc::TimePoint now);

/// Of userinfo (OIDC Core section 5.3.2), asked with a token of these scopes: they decide which of the user's standard
/// claims it tells (section 5.4).
oidc::Json userinfo_claims(World& world, const ClientConfig* client, const Grant& grant, const Scopes& scopes,
                           oidc::TimePoint now);

/// `sub` as the client gets to see it: the user's, or one that only clients of its sector see (OIDC Core section 8.1).
std::string subject_of(const World& world, const ClientConfig* client, const Grant& grant);

/// The other way round: who a client means by `subject`, as it got to see it. Nobody's stays as it is.
std::string user_of(const World& world, const ClientConfig* client, const std::string& subject);

/// `aud` of the grant's access tokens: what it was asked for, else the client's, else the issuer's.
const oidc::Json& audience_of(const World& world, const ClientConfig* client, const Grant& grant);

}  // namespace mockserver
