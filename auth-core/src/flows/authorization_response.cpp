#include "flows/authorization_response.hpp"

#include "http/reply.hpp"
#include "oidc/openssl.hpp"

namespace authcore {
namespace {

oidc::Status check_issuer(const oidc::Form& parameters, const ExpectedResponse& expected) {
  const std::optional<std::string> issuer = parameters.get("iss");
  if (!issuer && expected.requires_issuer) {
    return oidc::Error{oidc::Errc::kResponseIssuerMismatch, "the authorization response does not name its issuer"};
  }
  if (issuer && *issuer != expected.issuer) {
    return oidc::Error{oidc::Errc::kResponseIssuerMismatch, "the authorization response is from another issuer"};
  }
  return oidc::Done{};
}

oidc::Error server_error(const oidc::Form& parameters, const std::string& state) {
  const std::vector<std::string> secrets{state};
  oidc::Error error;
  error.oauth_error = printable(parameters.value_or_empty("error"), secrets);
  error.code = error.oauth_error == "access_denied" ? oidc::Errc::kAccessDenied : oidc::Errc::kOAuthError;
  const std::string description = printable(parameters.value_or_empty("error_description"), secrets);
  error.message = "authorization endpoint: " + error.oauth_error;
  error.message += description.empty() ? "" : " (" + description + ")";
  return error;
}

}  // namespace

oidc::Result<std::string> read_authorization_response(const oidc::Form& parameters, const ExpectedResponse& expected) {
  const std::string state = parameters.value_or_empty("state");
  if (parameters.count("state") != 1 || !oidc::equal_secrets(state, expected.state)) {
    return oidc::Error{oidc::Errc::kStateMismatch, "the authorization response is not the answer to this login"};
  }
  if (parameters.repeated_name()) {
    return oidc::Error{oidc::Errc::kAuthorizationResponse, "the authorization response repeats a parameter"};
  }
  const oidc::Status issuer = check_issuer(parameters, expected);
  if (!issuer) {
    return issuer.error();
  }
  if (parameters.contains("error")) {
    return server_error(parameters, expected.state);
  }
  const std::string code = parameters.value_or_empty("code");
  if (code.empty()) {
    return oidc::Error{oidc::Errc::kAuthorizationResponse, "the authorization response has no code"};
  }
  return code;
}

}  // namespace authcore
