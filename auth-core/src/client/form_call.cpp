#include "client/form_call.hpp"

namespace authcore {

oidc::Result<FormExchange> post_token(ClientContext& context, const std::string& endpoint, const std::string& token,
                                      const std::string& hint) {
  if (token.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, endpoint + ": the token is empty"};
  }
  const oidc::Result<std::string> url = context.discovery.endpoint(endpoint);
  if (!url) {
    return url.error();
  }
  oidc::Result<oidc::HttpRequest> request =
      form_post(*url, {{"token", token}, {"token_type_hint", hint}}, *context.authentication);
  if (!request) {
    return request.error();
  }
  oidc::Result<oidc::HttpResponse> response = context.http.send(*request);
  if (!response) {
    return response.error();
  }
  return FormExchange{*std::move(request), *std::move(response), context.environment.clock.now()};
}

}  // namespace authcore
