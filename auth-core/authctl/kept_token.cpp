#include "kept_token.hpp"

namespace authctl {

oidc::Result<std::string> kept_token(Session& session, const std::string& kind) {
  const auto held = session.stored();
  if (!held) {
    return held.error();
  }
  const auto token = kind == "refresh" ? held->refresh_token() : kind == "id" ? held->id_token() : held->access_token();
  if (!token) {
    return oidc::Error{oidc::Errc::kNoCredential, "no " + kind + " token is kept"};
  }
  return *token;
}

}  // namespace authctl
