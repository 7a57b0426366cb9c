#pragma once

#include <string>
#include <string_view>

#include "call.hpp"
#include "login.hpp"
#include "mockserver/config.hpp"
#include "oidc/result.hpp"
#include "scope.hpp"

/// What the authorization endpoint and the control API's decisions have in common.
namespace mockserver {

/// A valid authorization request (RFC 6749 section 4.1.1, OIDC Core section 3.1.2.1).
struct AuthorizationRequest {
  Scopes scopes;
  std::string nonce;
  std::string challenge;
  LoginRequest login{};
  oidc::Json audience{};  ///< by `resource` (RFC 8707); null: as configured
};

/// Reads the parameters, finds the client and settles where errors may be redirected to.
/// An error from here must not be redirected (RFC 6749 section 4.1.2.1).
oidc::Status trust_redirect_uri(Call& call);

/// The same for parameters that `call.form` holds already.
oidc::Status trust_parameters(Call& call);

/// The second half of it, for a request whose parameters are read and whose client is known.
oidc::Status settle_redirect_uri(Call& call);

/// The parameters as the browser sent them: pushed ones are named by their `request_uri`.
oidc::Form as_asked(const Call& call);

/// Checks the rest. An error goes to the redirect URI.
oidc::Result<AuthorizationRequest> read_authorization(const Call& call);

/// What the client is told after the yes of whoever is logged in (a new code), or after a no.
oidc::Form approved(Call& call, const AuthorizationRequest& request, const Login& login);
oidc::Form denied(Call& call);

/// Registered exactly, or http on a loopback host with another port (RFC 8252 section 7.3). For
/// confidential clients too: their developers run them on loopback as well.
bool is_registered(const ClientConfig& client, std::string_view redirect_uri);

}  // namespace mockserver
