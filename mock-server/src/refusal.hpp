#pragma once

#include <string>

#include "oidc/result.hpp"

namespace mockserver {

/// An OAuth error on its way to the client: `oauth_error` is the code, `message` the
/// description. `status` 0 leaves the HTTP status to the endpoint.
inline oidc::Error refusal(std::string code, std::string description, int status = 0) {
  return {oidc::Errc::kOAuthError, std::move(description), std::move(code), status};
}

}  // namespace mockserver
