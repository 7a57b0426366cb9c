#include "authcore/authenticated_transport.hpp"

#include <algorithm>
#include <utility>

#include "client/endpoint_url.hpp"
#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr int kUnauthorized = 401;

oidc::Result<oidc::HttpResponse> send_with(const Authorization& authorization, oidc::HttpRequest request,
                                           oidc::HttpTransport& transport) {
  authorization.apply_to(request);
  return transport.send(request);
}

}  // namespace

oidc::Result<std::unique_ptr<AuthenticatedTransport>> AuthenticatedTransport::make(oidc::HttpTransport& inner,
                                                                                   RequestAuthenticator& authenticator,
                                                                                   Options options) {
  for (std::string& origin : options.origins) {
    const oidc::Status secure = check_endpoint_url(origin);
    if (!secure) {
      return secure.error();
    }
    const oidc::Result<oidc::Url> url = oidc::parse_url(origin);
    if (!url || url->target() != "/") {
      return oidc::Error{oidc::Errc::kInvalidArgument, "an origin is expected, without path or query"};
    }
    origin = url->origin();
  }
  return std::unique_ptr<AuthenticatedTransport>{new AuthenticatedTransport{inner, authenticator, std::move(options)}};
}

bool AuthenticatedTransport::may_have_the_token(const oidc::HttpRequest& request) const {
  const oidc::Result<oidc::Url> url = oidc::parse_url(request.url);
  return url && std::find(options_.origins.begin(), options_.origins.end(), url->origin()) != options_.origins.end();
}

oidc::Result<oidc::HttpResponse> AuthenticatedTransport::send(const oidc::HttpRequest& request) {
  if (!may_have_the_token(request)) {
    return inner_.send(request);
  }
  const oidc::Result<Authorization> authorization = authenticator_.authorization();
  if (!authorization) {
    return authorization.error();
  }
  oidc::Result<oidc::HttpResponse> response = send_with(*authorization, request, inner_);
  if (!options_.retry_on_401 || !response || response->status != kUnauthorized) {
    return response;
  }
  const oidc::Result<Authorization> other = authenticator_.authorization_instead_of(*authorization);
  return other ? send_with(*other, request, inner_) : response;
}

}  // namespace authcore
