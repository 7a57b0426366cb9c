#pragma once

#include <string>

#include "oidc/form.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What an authorization response must be.
struct ExpectedResponse {
  std::string state;
  std::string issuer;            ///< "": unknown, then an `iss` cannot be compared
  bool requires_issuer = false;  ///< the metadata promises `iss` (RFC 9207 §2.4)
};

/// The code in the redirect's parameters (RFC 6749 §4.1.2). Checked in this order: state, repeated
/// parameters, `iss`, error, code, so that nothing is believed of a response that isn't the answer to
/// our request (W-36). Errors: `kStateMismatch`, `kResponseIssuerMismatch`, `kAuthorizationResponse`;
/// `kAccessDenied` or `kOAuthError` for an error the server reports.
oidc::Result<std::string> read_authorization_response(const oidc::Form& parameters, const ExpectedResponse& expected);

}  // namespace authcore
