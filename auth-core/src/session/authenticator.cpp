#include "authcore/authenticator.hpp"

#include <utility>

#include "session/session_authenticator.hpp"

namespace authcore {

oidc::Result<std::string> RequestAuthenticator::authorization_header() {
  auto token = access_token();
  if (!token) {
    return token;
  }
  return "Bearer " + *token;
}

oidc::Status RequestAuthenticator::authenticate(oidc::HttpRequest& request) {
  auto header = authorization_header();
  if (!header) {
    return std::move(header).error();
  }
  request.headers.set("Authorization", *std::move(header));
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
