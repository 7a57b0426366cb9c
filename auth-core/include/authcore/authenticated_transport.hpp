#pragma once

#include <memory>
#include <string>
#include <vector>

#include "authcore/authenticator.hpp"
#include "oidc/http.hpp"

namespace authcore {

/// Which requests of an `AuthenticatedTransport` are authenticated, and how.
struct AuthenticatedTransportOptions {
  /// "https://api.example": the only places the token may go to. http is permitted for loopback hosts only.
  std::vector<std::string> origins{};
  /// After a 401 the token is renewed and the request sent once more; off: replies are returned as they
  /// are (RA-006, A-25).
  bool retry_on_401 = false;
};

/// Sends an application's requests with the current credential: a decorator for any transport.
///
/// Requests to other origins pass as they are. Whether redirects are followed is up to the transport inside;
/// it must drop the Authorization header where the origin changes, as `oidc::HttpClient` does. Thread-safe.
class AuthenticatedTransport final : public oidc::HttpTransport {
 public:
  using Options = AuthenticatedTransportOptions;

  /// Both must outlive the transport. Errors: `kInvalidArgument` for an origin that is none, or not secure.
  static oidc::Result<std::unique_ptr<AuthenticatedTransport>> make(oidc::HttpTransport& inner,
                                                                    RequestAuthenticator& authenticator,
                                                                    Options options);

  /// Errors: those of the authenticator, and then nothing is sent; those of the transport inside.
  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest& request) override;

 private:
  AuthenticatedTransport(oidc::HttpTransport& inner, RequestAuthenticator& authenticator, Options options)
      : inner_{inner}, authenticator_{authenticator}, options_{std::move(options)} {}

  bool may_have_the_token(const oidc::HttpRequest& request) const;

  oidc::HttpTransport& inner_;
  RequestAuthenticator& authenticator_;
  Options options_;  // origins as oidc::Url::origin() writes them
};

}  // namespace authcore
