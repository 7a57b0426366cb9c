#pragma once

#include <string>

#include "oidc/result.hpp"
#include "session.hpp"

namespace authctl {

/// The token of a kind ("access", "refresh" or "id") that is kept, as it is: not renewed. Errors: `kNoCredential`.
oidc::Result<std::string> kept_token(Session& session, const std::string& kind);

}  // namespace authctl
