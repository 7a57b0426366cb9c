#include "client/refresh_reply.hpp"

namespace authcore {
namespace {

/// Unknown keys and an `iat` that lies ahead of our clock speak of us as much as of the token.
bool is_proven_wrong(const oidc::Error& error) {
  return oidc::is_kind_of(error.code, oidc::Errc::kInvalidToken) && error.code != oidc::Errc::kUnknownKey &&
         error.code != oidc::Errc::kTokenNotYetValid;
}

/// The server has redeemed the refresh token all the same: it may be spent.
oidc::Error refused(oidc::Error error) {
  error.definite = false;
  return error;
}

/// Also without keys: a token of somebody else, or of another login, is wrong whether its signature is right or not.
/// What is held was verified when it came; a held token that cannot be read names nobody to compare with. A
/// refreshed one may go without the nonce.
oidc::Status check_same_login(const std::string& id_token, const Credential& current) {
  const oidc::Result<DecodedToken> fresh = decode_unverified(id_token);
  if (!fresh) {
    return fresh.error();
  }
  const oidc::Result<DecodedToken> held = decode_unverified(current.id_token().value_or(""));
  const auto subject = held ? oidc::string_member(held->payload, "sub") : std::nullopt;
  if (subject && oidc::string_member(fresh->payload, "sub") != subject) {
    return oidc::Error{oidc::Errc::kBadClaim, "the refreshed ID token is about another subject than the held one"};
  }
  const auto nonce = held ? oidc::string_member(held->payload, "nonce") : std::nullopt;
  if (nonce && oidc::string_member(fresh->payload, "nonce").value_or(*nonce) != *nonce) {
    return oidc::Error{oidc::Errc::kBadNonce, "the refreshed ID token has the nonce of another login"};
  }
  return oidc::Done{};
}

}  // namespace

// The server has rotated the refresh token by the time its reply is judged, so refusing a reply may end
// the login. That price is right for an ID token that is proven wrong: then none of its companions can be
// trusted either. It is not for one that only cannot be judged because the keys are out of reach: the
// refresh did what it is for, and the old ID token stays until a later reply can be verified.
oidc::Result<oidc::Json> adoptable_reply(oidc::Json response, const Credential& current, TokenChecks& checks,
                                         const oidc::Log& log) {
  const std::string id_token = oidc::string_member(response, "id_token").value_or("");
  if (id_token.empty()) {
    return response;
  }
  const oidc::Result<oidc::Json> claims =
      checks.id_token(id_token, {}, oidc::string_member(response, "access_token").value_or(""));
  if (!claims && is_proven_wrong(claims.error())) {
    return refused(claims.error());
  }
  const oidc::Status same = check_same_login(id_token, current);
  if (!same) {
    return refused(same.error());
  }
  if (!claims) {
    log.warning("id_token.not_verified",
                {{"error", oidc::to_string(claims.error().code)}, {"kept", "the old ID token"}});
    response.erase("id_token");
  }
  return response;
}

}  // namespace authcore
