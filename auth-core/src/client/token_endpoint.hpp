#pragma once

#include <string>

#include "authcore/environment.hpp"
#include "client/discovery.hpp"
#include "client_auth/client_authentication.hpp"
#include "http/policy.hpp"
#include "http/reply.hpp"
#include "oidc/form.hpp"

namespace authcore {

/// A form POST with the client's proof in it.
oidc::Result<oidc::HttpRequest> form_post(const std::string& endpoint, oidc::Form form,
                                          const ClientAuthentication& authentication);

/// The token response in a reply to `request` (RFC 6749 §5.1). Errors: those of `read_json`;
/// `kMalformedResponse` without access_token, with a member of the wrong type, or with a token
/// type other than Bearer (W-50). expires_in may be missing (D-11).
oidc::Result<oidc::Json> read_token_response(const oidc::HttpRequest& request, const oidc::HttpResponse& response,
                                             oidc::TimePoint received);

/// The token endpoint of a client's server. Thread-safe.
class TokenEndpoint {
 public:
  TokenEndpoint(Discovery& discovery, HttpPolicy& http, oidc::Clock& clock)
      : discovery_{discovery}, http_{http}, clock_{clock} {}

  /// The request a grant makes, for callers who send it themselves.
  oidc::Result<oidc::HttpRequest> prepare(oidc::Form grant, const ClientAuthentication& authentication);
  /// One grant, with the retries that `HttpPolicy` permits.
  oidc::Result<oidc::Json> request(oidc::Form grant, const ClientAuthentication& authentication);

 private:
  Discovery& discovery_;
  HttpPolicy& http_;
  oidc::Clock& clock_;
};

}  // namespace authcore
