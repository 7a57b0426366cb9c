// Keys and signatures, checked with OpenSSL itself.

#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

class AlgorithmTest : public KeysTest, public testing::WithParamInterface<const char*> {};

TEST_P(AlgorithmTest, SignaturesVerifyWithThePublishedKey) {
  start({{"signing_alg", GetParam()}});
  for (int i = 0; i < 20; ++i) {  // an ECDSA half starts with a zero byte once in 256
    const auto tokens = login();
    for (const char* token : {"access_token", "id_token"}) {
      const std::string jwt = tokens.at(token);
      EXPECT_EQ(jwt_part(jwt, 0).at("alg"), GetParam());
      EXPECT_TRUE(verifies(jwt, key_of(jwt))) << token;
    }
  }
}

TEST_P(AlgorithmTest, RotationChangesTheKidAndKeepsOldTokensVerifiableIfAsked) {
  start({{"signing_alg", GetParam()}});
  const std::string before = login().at("access_token");
  const auto old_key = key_of(before);
  const std::string kid = issuer_->rotate_keys(true);
  EXPECT_NE(kid, old_key.at("kid"));
  const std::string after = login().at("access_token");
  EXPECT_EQ(jwt_part(after, 0).at("kid"), kid);
  EXPECT_TRUE(verifies(after, key_of(after)));
  EXPECT_TRUE(verifies(before, key_of(before)));
  issuer_->rotate_keys(false);
  EXPECT_EQ(key_of(before), nullptr);
  EXPECT_EQ(key_of(after), nullptr);
  EXPECT_EQ(keys().size(), 2U);
}
INSTANTIATE_TEST_SUITE_P(Rfc7518, AlgorithmTest,
                         testing::Values("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                                         "ES512", "EdDSA"),
                         [](const auto& test) { return std::string{test.param}; });

TEST_F(KeysTest, TheAccessTokenHashOfEdDsaIsHalfASha512) {
  start({{"signing_alg", "EdDSA"}});
  const auto tokens = login();
  const std::string access = tokens.at("access_token");
  std::string digest(64, '\0');
  SHA512(reinterpret_cast<const unsigned char*>(access.data()), access.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  EXPECT_EQ(claims_of(tokens, "id_token").at("at_hash"), oidc::base64url_encode(digest.substr(0, 32)));
}

TEST_F(KeysTest, BothAlgorithmsArePublishedWithThumbprintUseAndAlg) {
  std::vector<std::string> algs;
  for (const auto& key : keys()) {
    algs.push_back(key.at("alg"));
    EXPECT_EQ(key.at("use"), "sig");
    EXPECT_EQ(key.at("kid"), oidc::thumbprint(oidc::parse_jwk(key).value()));
  }
  EXPECT_THAT(algs, testing::UnorderedElementsAre("RS256", "ES256"));
}

TEST_F(KeysTest, NoPrivateMemberIsEverPublished) {
  issuer_->rotate_keys(true);
  for (const auto& key : keys()) {
    for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
      EXPECT_FALSE(key.contains(member)) << member;
    }
  }
}

TEST_F(KeysTest, KidsStayUniqueHoweverOftenKeysRotate) {
  for (int i = 0; i < 5; ++i) {
    const std::string before = keys().front().at("kid");
    EXPECT_NE(issuer_->rotate_keys(true), before);
    std::set<std::string> kids;
    for (const auto& key : keys()) {
      EXPECT_TRUE(kids.insert(key.at("kid")).second);
    }
  }
}

TEST_F(KeysTest, IssuersDifferInTheirDerivedKeys) {
  Issuer other{parse_issuer_config(oidc::Json::object()).value(), "https://issuer.test/beta", clock_};
  EXPECT_NE(body_of(other.handle({"GET", "https://issuer.test/beta/jwks", {}, ""})), body_of(get("/jwks")));
}

TEST_F(KeysTest, IssuersOfOneServerUsuallyDifferInTheirRsaKey) {
  std::set<std::string> kids;
  for (int i = 1; i <= 8; ++i) {
    const std::string base = "https://issuer.test/issuer-" + std::to_string(i);
    Issuer issuer{parse_issuer_config(oidc::Json::object()).value(), base, clock_};
    kids.insert(jwt_part(issuer.mint_token({}).value(), 0).at("kid"));
  }
  EXPECT_GE(kids.size(), 3U);
}

TEST_F(KeysTest, NoKeyComesBackAsANewOne) {
  std::set<std::string> kids{keys().front().at("kid")};
  for (int i = 0; i < 5; ++i) {  // there are four that are built in
    EXPECT_TRUE(kids.insert(issuer_->rotate_keys(false)).second) << i;
    const std::string token = login().at("access_token");
    EXPECT_TRUE(verifies(token, key_of(token)));
  }
}

TEST_F(KeysTest, UnpublishedSignaturesAreRightUnderAKeyThatIsNotInTheJwks) {
  const std::string jwt = issuer_->mint_token({.sign = "unpublished"}).value();
  EXPECT_EQ(jwt_part(jwt, 0).at("alg"), "RS256");
  EXPECT_FALSE(jwt_part(jwt, 0).at("kid").get<std::string>().empty());
  EXPECT_EQ(key_of(jwt), nullptr);
}

TEST_F(KeysTest, NoneHasAnEmptySignature) {
  const std::string jwt = issuer_->mint_token({.sign = "none"}).value();
  EXPECT_EQ(jwt_part(jwt, 0).at("alg"), "none");
  EXPECT_EQ(jwt.back(), '.');
}

TEST_F(KeysTest, Hs256IsKeyedWithThePublicKeysPem) {
  const std::string jwt = issuer_->mint_token({.sign = "hs256"}).value();
  EXPECT_EQ(jwt_part(jwt, 0).at("alg"), "HS256");
  const auto pkey = oidc::to_public_key(oidc::parse_jwk(key_of(jwt)).value()).value();
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  ASSERT_EQ(PEM_write_bio_PUBKEY(bio.get(), pkey.get()), 1);
  char* pem = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &pem);
  const std::string input = jwt.substr(0, jwt.rfind('.'));
  std::string mac(32, '\0');
  HMAC(EVP_sha256(), pem, static_cast<int>(size), reinterpret_cast<const unsigned char*>(input.data()), input.size(),
       reinterpret_cast<unsigned char*>(mac.data()), nullptr);
  EXPECT_EQ(jwt.substr(jwt.rfind('.') + 1), oidc::base64url_encode(mac));
}

TEST_F(KeysTest, CorruptDiffersFromRightInTheLastByteOnly) {
  const std::string jwt = issuer_->mint_token({.sign = "corrupt"}).value();
  EXPECT_FALSE(verifies(jwt, key_of(jwt)));
  std::string signature = oidc::base64url_decode(jwt.substr(jwt.rfind('.') + 1)).value();
  signature.back() = static_cast<char>(static_cast<unsigned char>(signature.back()) ^ 0xFFU);
  EXPECT_TRUE(verifies(jwt.substr(0, jwt.rfind('.') + 1) + oidc::base64url_encode(signature), key_of(jwt)));
}

}  // namespace
}  // namespace mockserver::test
