#include "flows/login_reply.hpp"

namespace authcore {

oidc::Result<Credential> accept_login(ClientContext& context, const oidc::Json& response,
                                      std::optional<std::string> nonce) {
  const oidc::TimePoint received = context.environment.clock.now();  // fetching keys takes time
  const std::string id_token = oidc::string_member(response, "id_token").value_or("");
  if (!id_token.empty()) {
    const oidc::Result<oidc::Json> claims =
        context.checks.id_token(id_token, std::move(nonce), oidc::string_member(response, "access_token").value_or(""));
    if (!claims) {
      return claims.error();
    }
  }
  return Credential::from_response(response, received);
}

}  // namespace authcore
