#pragma once

#include <string>

#include "assertion_maker.hpp"
#include "oidc/clock.hpp"
#include "oidc/openssl.hpp"

namespace mockserver::test {

/// A client's DPoP key, and proofs made with it as RFC 9449 section 4.2 has them.
class DpopMaker {
 public:
  explicit DpopMaker(const std::string& alg = "ES256") : maker_{alg} {}

  std::string proof(const std::string& method, const std::string& url, oidc::TimePoint now,
                    const oidc::Json& patch = oidc::Json::object(),
                    const oidc::Json& header_patch = oidc::Json::object()) {
    oidc::Json claims = {{"htm", method},
                         {"htu", url},
                         {"iat", oidc::epoch_seconds(now).count()},
                         {"jti", "proof-" + std::to_string(++made_)}};
    claims.merge_patch(patch);
    oidc::Json header = {{"typ", "dpop+jwt"}, {"jwk", maker_.public_jwk()}};
    header.merge_patch(header_patch);
    return maker_.make(claims, header);
  }

  std::string thumbprint() const { return oidc::thumbprint(oidc::parse_jwk(maker_.public_jwk()).value()); }

  /// RFC 9449 section 4.2: the hash of the token that the proof goes with.
  static std::string ath(const std::string& token) { return oidc::base64url_encode(oidc::sha256(token)); }

 private:
  AssertionMaker maker_;
  int made_ = 0;
};

}  // namespace mockserver::test
