#include "pkce.hpp"

#include <algorithm>

#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_verifier(std::string_view text) {
  return text.size() >= 43 && text.size() <= 128 && std::all_of(text.begin(), text.end(), is_unreserved);
}

}  // namespace

std::string pkce_challenge(std::string_view verifier) {
  return oidc::base64url_encode(oidc::sha256(verifier));
}

bool is_s256_challenge(std::string_view challenge) {
  return challenge.size() == 43 && oidc::base64url_decode(challenge).has_value();
}

oidc::Status check_pkce(std::string_view challenge, const std::optional<std::string>& verifier) {
  if (challenge.empty()) {
    return verifier ? oidc::Status{refusal("invalid_grant",
                                           "a code_verifier, but the code was asked for without a code_challenge")}
                    : oidc::Done{};
  }
  if (!verifier) {
    return refusal("invalid_grant", "code_verifier is missing");
  }
  if (!is_verifier(*verifier)) {
    return refusal("invalid_grant", "code_verifier is not 43 to 128 unreserved characters");
  }
  if (!oidc::equal_secrets(pkce_challenge(*verifier), challenge)) {
    return refusal("invalid_grant", "code_verifier does not match the code_challenge");
  }
  return oidc::Done{};
}

}  // namespace mockserver
