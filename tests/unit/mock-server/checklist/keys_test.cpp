// The group "Keys" of the checklist of protocol traps: a test a line, named after it.

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

using ChecklistKeys = KeysTest;

constexpr const char* kAlgorithms[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                       "PS512", "ES256", "ES384", "ES512", "EdDSA"};

TEST_F(ChecklistKeys, KidIsUniqueChangesOnRotationAndIsTheThumbprint) {
  std::set<std::string> kids;
  for (int i = 0; i < 3; ++i) {
    for (const auto& key : keys()) {
      EXPECT_EQ(key.at("kid"), oidc::thumbprint(oidc::parse_jwk(key).value()));
    }
    EXPECT_TRUE(kids.insert(keys().front().at("kid")).second);
    issuer_->rotate_keys(true);
  }
  const auto published = published_kids();
  EXPECT_EQ((std::set<std::string>{published.begin(), published.end()}.size()), published.size());
}

TEST_F(ChecklistKeys, UseAndAlgArePresentByDefaultAndRemovableByScript) {
  for (const auto& key : keys()) {
    EXPECT_EQ(key.at("use"), "sig");
    EXPECT_TRUE(key.contains("alg"));
  }
  oidc::Json bare = keys();
  for (auto& key : bare) {
    key.erase("use");
    key.erase("alg");
  }
  script({{"when", {{"endpoint", "jwks"}}}, {"do", {{"patch", {{"keys", bare}}}}}});
  EXPECT_EQ(keys(), bare);
}

TEST_F(ChecklistKeys, SigningReordersNothingAndPicksNoOtherKey) {
  issuer_->rotate_keys(true);
  const auto before = published_kids();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(jwt_part(body_of(service_token()).at("access_token"), 0).at("kid"), before.front());
  }
  EXPECT_EQ(published_kids(), before);
}

TEST_F(ChecklistKeys, NoPrivateMemberIsInTheJwks) {
  for (const char* alg : kAlgorithms) {
    start({{"signing_alg", alg}, {"keys", {{"x5c", true}}}});
    issuer_->rotate_keys(true);
    for (const auto& key : keys()) {
      for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        EXPECT_FALSE(key.contains(member)) << alg << " " << member;
      }
    }
  }
}

TEST_F(ChecklistKeys, CoordinatesAndSignaturesHaveTheirFixedWidthAndNumbersNoLeadingZero) {
  struct Case {
    const char* alg;
    std::size_t width;
  };
  for (const Case& one : {Case{"ES256", 32}, Case{"ES384", 48}, Case{"ES512", 66}}) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      start({{"signing_alg", one.alg}, {"seed", seed}});
      const auto key = keys().front();
      for (const char* member : {"x", "y"}) {
        const std::string text = key.at(member);
        EXPECT_EQ(text.find('='), std::string::npos);
        EXPECT_EQ(oidc::base64url_decode(text).value().size(), one.width) << one.alg << " seed " << seed;
      }
      const std::string jwt = issuer_->mint_token({}).value();
      EXPECT_EQ(oidc::base64url_decode(jwt.substr(jwt.rfind('.') + 1)).value().size(), 2 * one.width)
          << "r||s, not DER";
    }
  }
  start(oidc::Json::object());
  for (const char* member : {"n", "e"}) {
    EXPECT_NE(oidc::base64url_decode(keys().front().at(member).get<std::string>()).value().front(), '\0');
  }
}

TEST_F(ChecklistKeys, X5cIsStandardBase64OfDerAndX5tBase64url) {
  for (const char* alg : kAlgorithms) {
    start({{"signing_alg", alg}, {"keys", {{"x5c", true}}}});
    for (const auto& key : keys()) {
      ASSERT_EQ(key.at("x5c").size(), 1U);
      const std::string der = oidc::base64_decode(key.at("x5c").at(0).get<std::string>()).value();
      EXPECT_EQ(key.at("x5t#S256"), oidc::base64url_encode(oidc::sha256(der)));
      const auto* data = reinterpret_cast<const unsigned char*>(der.data());
      const oidc::X509Certificate certificate{d2i_X509(nullptr, &data, static_cast<long>(der.size()))};
      ASSERT_TRUE(certificate) << alg;
      const auto pkey = oidc::to_public_key(oidc::parse_jwk(key).value()).value();
      EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(certificate.get()), pkey.get()), 1) << alg;
      EXPECT_EQ(X509_verify(certificate.get(), pkey.get()), 1) << alg;
    }
  }
  start(oidc::Json::object());
  EXPECT_FALSE(keys().front().contains("x5c"));
}

}  // namespace
}  // namespace mockserver::test
