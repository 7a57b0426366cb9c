#include "oidc/result.hpp"

namespace oidc {
namespace {

// kUnknown stands for "no parent": nothing is a kind of an unknown failure but itself.
Errc parent_of(Errc code) {
  switch (code) {
    case Errc::kNotFound:
    case Errc::kCorruptStorage:
    case Errc::kLocked:
      return Errc::kStorage;
    case Errc::kConnectFailed:
    case Errc::kTimeout:
    case Errc::kTls:
      return Errc::kNetwork;
    case Errc::kRateLimited:
    case Errc::kServerError:
    case Errc::kMalformedResponse:
    case Errc::kOAuthError:
    case Errc::kUnsupportedByServer:
      return Errc::kServer;
    case Errc::kInvalidGrant:
    case Errc::kNoCredential:
    case Errc::kInteractionRequired:
      return Errc::kReauthRequired;
    case Errc::kStateMismatch:
    case Errc::kResponseIssuerMismatch:
      return Errc::kAuthorizationResponse;
    case Errc::kMalformedToken:
    case Errc::kAlgorithmNotAllowed:
    case Errc::kUnknownKey:
    case Errc::kBadSignature:
    case Errc::kBadIssuer:
    case Errc::kBadAudience:
    case Errc::kBadAuthorizedParty:
    case Errc::kTokenExpired:
    case Errc::kTokenNotYetValid:
    case Errc::kMissingClaim:
    case Errc::kBadClaim:
    case Errc::kBadNonce:
    case Errc::kBadTokenType:
    case Errc::kMissingScope:
    case Errc::kScopeNotGranted:
    case Errc::kIntrospectionRejected:
      return Errc::kInvalidToken;
    default:
      return Errc::kUnknown;
  }
}

}  // namespace

std::string_view to_string(Errc code) {
  switch (code) {
    // clang-format off
    case Errc::kUnknown: return "unknown";
    case Errc::kInvalidArgument: return "invalid_argument";
    case Errc::kBadInput: return "bad_input";
    case Errc::kConfig: return "config";
    case Errc::kUnsupportedByClient: return "unsupported_by_client";
    case Errc::kStorage: return "storage";
    case Errc::kNotFound: return "not_found";
    case Errc::kCorruptStorage: return "corrupt_storage";
    case Errc::kLocked: return "locked";
    case Errc::kNetwork: return "network";
    case Errc::kConnectFailed: return "connect_failed";
    case Errc::kTimeout: return "timeout";
    case Errc::kTls: return "tls";
    case Errc::kResponseTooLarge: return "response_too_large";
    case Errc::kServer: return "server";
    case Errc::kRateLimited: return "rate_limited";
    case Errc::kServerError: return "server_error";
    case Errc::kMalformedResponse: return "malformed_response";
    case Errc::kOAuthError: return "oauth_error";
    case Errc::kUnsupportedByServer: return "unsupported_by_server";
    case Errc::kReauthRequired: return "reauth_required";
    case Errc::kInvalidGrant: return "invalid_grant";
    case Errc::kNoCredential: return "no_credential";
    case Errc::kInteractionRequired: return "interaction_required";
    case Errc::kAccessDenied: return "access_denied";
    case Errc::kDeviceCodeExpired: return "device_code_expired";
    case Errc::kCancelled: return "cancelled";
    case Errc::kAuthorizationResponse: return "authorization_response";
    case Errc::kStateMismatch: return "state_mismatch";
    case Errc::kResponseIssuerMismatch: return "response_issuer_mismatch";
    case Errc::kIssuerMismatch: return "issuer_mismatch";
    case Errc::kInvalidToken: return "invalid_token";
    case Errc::kMalformedToken: return "malformed_token";
    case Errc::kAlgorithmNotAllowed: return "algorithm_not_allowed";
    case Errc::kUnknownKey: return "unknown_key";
    case Errc::kBadSignature: return "bad_signature";
    case Errc::kBadIssuer: return "bad_issuer";
    case Errc::kBadAudience: return "bad_audience";
    case Errc::kBadAuthorizedParty: return "bad_authorized_party";
    case Errc::kTokenExpired: return "token_expired";
    case Errc::kTokenNotYetValid: return "token_not_yet_valid";
    case Errc::kMissingClaim: return "missing_claim";
    case Errc::kBadClaim: return "bad_claim";
    case Errc::kBadNonce: return "bad_nonce";
    case Errc::kBadTokenType: return "bad_token_type";
    case Errc::kMissingScope: return "missing_scope";
    case Errc::kScopeNotGranted: return "scope_not_granted";
    case Errc::kIntrospectionRejected: return "introspection_rejected";
      // clang-format on
  }
  return "unknown";
}

bool is_kind_of(Errc code, Errc kind) {
  return code == kind || (kind != Errc::kUnknown && parent_of(code) == kind);
}

}  // namespace oidc
