#pragma once

#include <string>

#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// A JWS in compact form, decoded and not verified.
struct DecodedToken {
  oidc::Json header;
  oidc::Json payload;
  std::string signing_input;
  std::string signature;
};
/// Errors: `kMalformedToken`: not three segments of strict base64url, header or payload no JSON
/// object, duplicate members, larger than 64 KiB.
oidc::Result<DecodedToken> decode_unverified(const std::string& token);

}  // namespace authcore
