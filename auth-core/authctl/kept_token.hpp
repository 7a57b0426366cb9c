#pragma once

#include <string>
#include <vector>

#include "oidc/result.hpp"
#include "session.hpp"

namespace authctl {

/// That no token of a kind ("access", "refresh" or "id") is kept, and what helps. `kNoCredential`.
oidc::Error none_kept(Session& session, const std::string& kind);

/// What of `asked`, each one or more scopes, a credential says it was not granted: "the scope a b", or "" if nothing.
/// What does not say was granted all (RFC 6749 §5.1). offline_access asks for a refresh token, not for a scope of the
/// access token, and does not count.
std::string scopes_not_granted(const authcore::Credential& credential, const std::vector<std::string>& asked);

/// The token of a kind ("access", "refresh" or "id") that is kept, as it is: not renewed. Errors: `kNoCredential`.
oidc::Result<std::string> kept_token(Session& session, const std::string& kind);

}  // namespace authctl
