#pragma once

#include <optional>
#include <string>

#include "oidc/http.hpp"

namespace authcore {

/// Why a resource server refuses a token (RFC 6750 §3.1). "": it does not say.
struct BearerChallenge {
  std::string error;  ///< "insufficient_scope"
  std::string scope;  ///< what the token should have been granted
};

/// The Bearer challenge that a reply's WWW-Authenticate begins with; nullopt if there is none. Nothing in it is
/// checked: see `printable` (reply.hpp).
std::optional<BearerChallenge> bearer_challenge(const oidc::Headers& headers);

}  // namespace authcore
