#include "adapters/auth_core_errors.hpp"

#include <algorithm>
#include <array>

#include "authcore/validator.hpp"

namespace scenarios {
namespace {

using oidc::Errc;

struct Word {
  Errc code;
  const char* kind;
  const char* reason;
};

constexpr std::array kWords = {
    Word{Errc::kBadInput, "config", ""},
    Word{Errc::kConfig, "config", ""},
    Word{Errc::kStorage, "storage", ""},
    Word{Errc::kNotFound, "no_credentials", ""},
    Word{Errc::kCorruptStorage, "storage", ""},
    Word{Errc::kLocked, "locked", ""},
    Word{Errc::kNetwork, "network", ""},
    Word{Errc::kConnectFailed, "network", ""},
    Word{Errc::kTimeout, "timeout", ""},
    Word{Errc::kTls, "tls", ""},
    Word{Errc::kResponseTooLarge, "protocol", ""},
    Word{Errc::kServer, "server_error", ""},
    Word{Errc::kRateLimited, "rate_limited", ""},
    Word{Errc::kServerError, "server_error", ""},
    Word{Errc::kMalformedResponse, "protocol", ""},
    Word{Errc::kOAuthError, "protocol", ""},
    Word{Errc::kUnsupportedByServer, "protocol", ""},
    Word{Errc::kReauthRequired, "reauth_required", ""},
    Word{Errc::kInvalidGrant, "reauth_required", ""},
    Word{Errc::kNoCredential, "no_credentials", ""},
    Word{Errc::kInteractionRequired, "interaction_required", ""},
    Word{Errc::kAccessDenied, "denied", ""},
    Word{Errc::kDeviceCodeExpired, "expired", ""},
    Word{Errc::kCancelled, "cancelled", ""},
    Word{Errc::kAuthorizationResponse, "protocol", ""},
    Word{Errc::kStateMismatch, "validation", "state"},
    Word{Errc::kResponseIssuerMismatch, "validation", "response_iss"},
    Word{Errc::kIssuerMismatch, "protocol", ""},
    Word{Errc::kInvalidToken, "validation", ""},
    Word{Errc::kMalformedToken, "validation", "form"},
    Word{Errc::kAlgorithmNotAllowed, "validation", "alg"},
    Word{Errc::kUnknownKey, "validation", "kid"},
    Word{Errc::kBadSignature, "validation", "signature"},
    Word{Errc::kBadIssuer, "validation", "iss"},
    Word{Errc::kBadAudience, "validation", "aud"},
    Word{Errc::kBadAuthorizedParty, "validation", "azp"},
    Word{Errc::kTokenExpired, "validation", "exp"},
    Word{Errc::kTokenNotYetValid, "validation", "nbf"},
    Word{Errc::kMissingClaim, "validation", ""},
    Word{Errc::kBadClaim, "validation", "claim"},
    Word{Errc::kBadNonce, "validation", "nonce"},
    Word{Errc::kScopeNotGranted, "validation", "scope"},
};

/// The first of the claims that every token needs, and this one doesn't have.
std::string missing_claim(const oidc::Json& args) {
  const auto token = authcore::decode_unverified(oidc::string_member(args, "token").value_or(""));
  for (const char* claim : {"iss", "sub", "aud", "exp", "iat"}) {
    if (token && !token->payload.contains(claim)) {
      return claim;
    }
  }
  return "";
}

}  // namespace

Err to_err(const oidc::Error& error, const oidc::Json& args) {
  const auto word = std::ranges::find(kWords, error.code, &Word::code);
  Err err;
  err.kind = word == kWords.end() ? "other" : word->kind;
  err.reason = word == kWords.end() ? "" : word->reason;
  if (error.code == Errc::kMissingClaim) {
    err.reason = missing_claim(args);
  }
  err.definite = error.definite;
  err.oauth_error = error.oauth_error;
  err.http_status = error.http_status;
  err.message = error.message;
  return err;
}

}  // namespace scenarios
