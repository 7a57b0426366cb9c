#include "endpoints/about_token.hpp"

#include "client_auth/authenticate.hpp"
#include "form_request.hpp"

namespace mockserver {

oidc::Status admit_about_token(Call& call) {
  if (const auto admitted = admit_client(call, ClientAuthRule::kAnySecret); !admitted) {
    return admitted;
  }
  const auto token = require(call, "token");
  return token ? oidc::Status{oidc::Done{}} : token.error();
}

}  // namespace mockserver
