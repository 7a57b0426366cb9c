#include "adapters/auth_core_errors.hpp"

#include <algorithm>
#include <array>

#include "authcore/decoded_token.hpp"

namespace scenarios {
namespace {

using oidc::Errc;
using oidc::Json;

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
    Word{Errc::kUnsupportedByClient, "config", ""},
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
    Word{Errc::kMalformedToken, "validation", "malformed"},
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
    Word{Errc::kBadTokenType, "validation", "claim"},
    Word{Errc::kMissingScope, "validation", "scope"},
    Word{Errc::kScopeNotGranted, "validation", "scope"},
    Word{Errc::kIntrospectionRejected, "validation", "inactive"},
};

/// The first of the claims that this token lacks, in the order in which they are looked for.
std::string missing_claim(const Json& claims) {
  for (const char* claim : {"iss", "sub", "aud", "exp", "iat", "nonce", "azp"}) {
    if (!claims.contains(claim)) {
      return claim;
    }
  }
  return "claim";
}

/// The first claim of a type that it cannot have.
std::string ill_typed_claim(const Json& claims) {
  for (const char* claim : {"iss", "sub", "nonce", "azp"}) {
    if (claims.contains(claim) && !claims[claim].is_string()) {
      return claim;
    }
  }
  for (const char* claim : {"exp", "nbf", "iat"}) {
    if (claims.contains(claim) && !claims[claim].is_number()) {
      return claim;
    }
  }
  const auto is_string = [](const Json& element) { return element.is_string(); };
  const Json aud = claims.value("aud", Json(""));
  return aud.is_string() || (aud.is_array() && std::ranges::all_of(aud, is_string)) ? "claim" : "aud";
}

/// One of both lies ahead; that must be true of the later one.
std::string start_that_lies_ahead(const Json& claims) {
  const auto time = [&claims](const char* name) {
    return claims.contains(name) && claims[name].is_number() ? claims[name].get<double>() : 0;
  };
  return time("iat") > time("nbf") ? "iat" : "nbf";
}

/// What auth-core does not say, but the token among the call's arguments shows.
std::string closer_reason(const oidc::Error& error, const Json& args, const std::string& reason) {
  const auto token = authcore::decode_unverified(oidc::string_member(args, "token").value_or(""));
  if (!token) {
    return error.code == Errc::kMissingClaim ? "claim" : reason;
  }
  switch (error.code) {
    case Errc::kMalformedToken:
      return token->header.contains("crit") ? "crit" : reason;
    case Errc::kMissingClaim:
      return missing_claim(token->payload);
    case Errc::kBadClaim:
      return ill_typed_claim(token->payload);
    case Errc::kTokenNotYetValid:
      return start_that_lies_ahead(token->payload);
    default:
      return reason;
  }
}

}  // namespace

Err to_err(const oidc::Error& error, const oidc::Json& args) {
  const auto word = std::ranges::find(kWords, error.code, &Word::code);
  Err err;
  err.kind = word == kWords.end() ? "other" : word->kind;
  err.reason = word == kWords.end() ? "" : closer_reason(error, args, word->reason);
  err.definite = error.definite;
  err.oauth_error = error.oauth_error;
  err.http_status = error.http_status;
  err.message = error.message;
  return err;
}

}  // namespace scenarios
