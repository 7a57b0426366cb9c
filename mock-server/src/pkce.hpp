#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "oidc/result.hpp"

/// Proof Key for Code Exchange, S256 only (RFC 7636).
namespace mockserver {

/// BASE64URL(SHA256(verifier)) (RFC 7636 section 4.2).
std::string pkce_challenge(std::string_view verifier);

/// 43 characters of base64url, the only form that an S256 challenge has.
bool is_s256_challenge(std::string_view challenge);

/// Checks a verifier against the challenge that the code is bound to, "" if to none.
/// Errors: "invalid_grant" for each combination that isn't exactly right, also for a
/// verifier where there was no challenge (RFC 9700 section 2.1.1).
oidc::Status check_pkce(std::string_view challenge, const std::optional<std::string>& verifier);

}  // namespace mockserver
