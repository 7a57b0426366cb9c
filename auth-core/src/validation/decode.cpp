#include <string_view>

#include "authcore/decoded_token.hpp"
#include "oidc/base64url.hpp"

namespace authcore {
namespace {

constexpr std::size_t kMaxTokenBytes = 64U << 10U;

oidc::Error malformed(const std::string& why) {
  return {oidc::Errc::kMalformedToken, "the token is malformed: " + why};
}

oidc::Result<oidc::Json> decode_object(std::string_view segment, const std::string& name) {
  const oidc::Result<std::string> text = oidc::base64url_decode(segment);
  if (!text) {
    return malformed("its " + name + " is not base64url");
  }
  oidc::Result<oidc::Json> object = oidc::parse_json(*text);
  if (!object || !object->is_object()) {
    return malformed("its " + name + " is not a JSON object");
  }
  return object;
}

}  // namespace

oidc::Result<DecodedToken> decode_unverified(const std::string& token) {
  if (token.size() > kMaxTokenBytes) {
    return malformed("it is larger than 64 KiB");
  }
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string::npos ? first : token.find('.', first + 1);
  if (second == std::string::npos || token.find('.', second + 1) != std::string::npos) {
    return malformed("it does not have three segments");
  }
  const std::string_view view{token};
  oidc::Result<oidc::Json> header = decode_object(view.substr(0, first), "header");
  if (!header) {
    return header.error();
  }
  oidc::Result<oidc::Json> payload = decode_object(view.substr(first + 1, second - first - 1), "payload");
  if (!payload) {
    return payload.error();
  }
  oidc::Result<std::string> signature = oidc::base64url_decode(view.substr(second + 1));
  if (!signature) {
    return malformed("its signature is not base64url");
  }
  return DecodedToken{std::move(*header), std::move(*payload), token.substr(0, second), std::move(*signature)};
}

}  // namespace authcore
