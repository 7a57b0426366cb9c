#include "client/introspection.hpp"

#include "client/form_call.hpp"

namespace authcore {

oidc::Result<oidc::Json> introspect(ClientContext& context, const std::string& token, const std::string& hint) {
  const oidc::Result<FormExchange> exchange = post_token(context, "introspection_endpoint", token, hint);
  if (!exchange) {
    return exchange.error();
  }
  oidc::Result<oidc::Json> judgement = read_json(exchange->reply("introspection endpoint"));
  if (!judgement) {
    return judgement;
  }
  const auto active = judgement->find("active");
  if (active == judgement->end() || !active->is_boolean()) {
    oidc::Error error{oidc::Errc::kMalformedResponse, "introspection endpoint: active is missing or not a boolean"};
    error.http_status = exchange->response.status;
    return error;
  }
  if (!active->get<bool>()) {
    return oidc::Error{oidc::Errc::kIntrospectionRejected, "the issuer says that the token is not active"};
  }
  return judgement;
}

}  // namespace authcore
