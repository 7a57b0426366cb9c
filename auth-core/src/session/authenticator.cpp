#include "authcore/authenticator.hpp"

#include <utility>

#include "http/sender.hpp"
#include "session/session_authenticator.hpp"

namespace authcore {

void Authorization::apply_to(oidc::HttpRequest& request) const {
  if (!token.empty()) {
    request.headers.set("Authorization", header_value());
  }
  add_planet_app(request.headers, planet_app);
}

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
  found->apply_to(request);
  return oidc::Done{};
}

oidc::Result<Authorization> RequestAuthenticator::authorization_instead_of(const Authorization& refused) {
  auto found = authorization();
  if (found && found->token == refused.token) {
    return oidc::Error{oidc::Errc::kReauthRequired, "the API refused the only credential there is"};
  }
  return found;
}

oidc::Result<std::optional<Credential>> RequestAuthenticator::credential(bool refresh_if_needed) {
  if (refresh_if_needed) {
    const auto found = authorization();
    if (!found && found.error().code != oidc::Errc::kNoCredential) {
      return found.error();
    }
  }
  return credential();
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
