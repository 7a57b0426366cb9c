#include "authcore/authenticator.hpp"

#include <utility>

#include "session/session_authenticator.hpp"

namespace authcore {

oidc::Result<std::string> RequestAuthenticator::access_token() {
  auto found = authorization();
  if (!found) {
    return std::move(found).error();
  }
  return std::move(found->token);
}

oidc::Result<std::string> RequestAuthenticator::authorization_header() {
  auto found = authorization();
  if (!found) {
    return std::move(found).error();
  }
  return found->header_value();
}

oidc::Status RequestAuthenticator::authenticate(oidc::HttpRequest& request) {
  const auto found = authorization();
  if (!found) {
    return found.error();
  }
  if (!found->token.empty()) {
    request.headers.set("Authorization", found->header_value());
  }
  return oidc::Done{};
}

std::unique_ptr<RequestAuthenticator> make_refreshing_authenticator(AuthClient& client, Environment environment,
                                                                    CredentialLocation location, RefreshPolicy policy) {
  return std::make_unique<SessionAuthenticator>(client, std::move(environment), std::move(location), policy,
                                                SessionAuthenticator::Relogin::kNever);
}

std::unique_ptr<RequestAuthenticator> make_refresh_or_relogin_authenticator(AuthClient& client, Environment environment,
                                                                            CredentialLocation location,
                                                                            RefreshPolicy policy) {
  return std::make_unique<SessionAuthenticator>(client, std::move(environment), std::move(location), policy,
                                                SessionAuthenticator::Relogin::kAllowed);
}

}  // namespace authcore
