#pragma once

#include <string>
#include <string_view>

#include "oidc/result.hpp"

namespace oidc {

/// Unpadded base64url (RFC 7515 §2).
std::string base64url_encode(std::string_view bytes);
/// Strict: padding, white space, characters of plain base64 and non-zero trailing bits
/// are refused with `kInvalidArgument`, so that each value has one encoding (RFC 4648 §3.5).
Result<std::string> base64url_decode(std::string_view text);

/// Padded standard base64 (RFC 4648 §4), for HTTP Basic and x5c.
std::string base64_encode(std::string_view bytes);
/// Errors: `kInvalidArgument`.
Result<std::string> base64_decode(std::string_view text);

}  // namespace oidc
