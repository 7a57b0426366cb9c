#include "client/userinfo.hpp"

#include "http/reply.hpp"

namespace authcore {

oidc::Result<oidc::Json> fetch_userinfo(ClientContext& context, const std::string& access_token) {
  if (!is_bearer_token(access_token)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "userinfo needs an access token"};
  }
  const oidc::Result<std::string> endpoint = context.discovery.endpoint("userinfo_endpoint");
  if (!endpoint) {
    return endpoint.error();
  }
  oidc::HttpRequest request;
  request.url = *endpoint;
  request.headers.set("Authorization", "Bearer " + access_token);
  const oidc::Result<oidc::HttpResponse> response = context.http.send(request);
  if (!response) {
    return response.error();
  }
  return read_json({.response = *response,
                    .endpoint = "userinfo endpoint",
                    .secrets = secrets_of(request),
                    .received = context.environment.clock.now()});
}

}  // namespace authcore
