#include "client/revocation.hpp"

#include "client/form_call.hpp"

namespace authcore {

oidc::Status revoke(ClientContext& context, const std::string& token, const std::string& hint) {
  const oidc::Result<FormExchange> exchange = post_token(context, "revocation_endpoint", token, hint);
  if (!exchange) {
    return exchange.error();
  }
  return check_success(exchange->reply("revocation endpoint"));
}

}  // namespace authcore
