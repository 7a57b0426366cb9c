// client_secret_jwt: an assertion that the client's secret made (OIDC Core section 9).

#include <openssl/hmac.h>

#include "../assertion_maker.hpp"
#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class SecretJwtTest : public IssuerTest {
 protected:
  static inline const std::string kJwtSecret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  void SetUp() override {
    start({{"clients",
            {{{"id", "mac"}, {"auth", "client_secret_jwt"}, {"secret", kJwtSecret}},
             {{"id", "service"}, {"auth", "client_secret_basic"}, {"secret", kSecret}},
             {{"id", "keys"},
              {"auth", "private_key_jwt"},
              {"jwks", {{"keys", {AssertionMaker{"RS256"}.public_jwk()}}}}}}}});
  }
  oidc::Json claims(const oidc::Json& patch = oidc::Json::object()) {
    const auto now = oidc::epoch_seconds(clock_.now()).count();
    oidc::Json claims = {{"iss", "mac"}, {"sub", "mac"},     {"aud", kBase + "/token"},
                         {"iat", now},   {"exp", now + 300}, {"jti", "jti-" + std::to_string(++made_)}};
    claims.merge_patch(patch);
    return claims;
  }
  static std::string make(const oidc::Json& claims, const std::string& alg = "HS256",
                          const std::string& secret = kJwtSecret) {
    const oidc::Json header = {{"alg", alg}, {"typ", "JWT"}};
    const std::string input =
        oidc::base64url_encode(oidc::to_text(header)) + "." + oidc::base64url_encode(oidc::to_text(claims));
    const EVP_MD* digest = alg == "HS512" ? EVP_sha512() : alg == "HS384" ? EVP_sha384() : EVP_sha256();
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(input.data()),
         input.size(), reinterpret_cast<unsigned char*>(mac.data()), &size);
    mac.resize(size);
    return input + "." + oidc::base64url_encode(mac);
  }
  Reply token(const std::string& assertion) {
    return post("/token", {{"grant_type", "client_credentials"},
                           {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                           {"client_assertion", assertion}});
  }

  int made_ = 0;
};

TEST_F(SecretJwtTest, TheSecretMakesTheAssertionByEachHmac) {
  for (const char* alg : {"HS256", "HS384", "HS512"}) {
    EXPECT_EQ(token(make(claims(), alg)).response.status, 200) << alg;
  }
  EXPECT_EQ(issuer_->journal().exchanges().back().client_auth, "client_secret_jwt");
}

TEST_F(SecretJwtTest, AnotherSecretAnotherAlgorithmAndABrokenMacAreInvalidClients) {
  EXPECT_EQ(error_of(token(make(claims(), "HS256", kJwtSecret + "x"))), "invalid_client");
  EXPECT_EQ(error_of(token(make(claims(), "HS999"))), "invalid_client");
  std::string broken = make(claims());
  broken.pop_back();
  EXPECT_EQ(error_of(token(broken)), "invalid_client");
  EXPECT_EQ(error_of(token(broken.substr(0, broken.rfind('.') + 1))), "invalid_client");
}

TEST_F(SecretJwtTest, AReplayIsAnInvalidClient) {
  const std::string assertion = make(claims());
  EXPECT_EQ(token(assertion).response.status, 200);
  EXPECT_EQ(error_of(token(assertion)), "invalid_client");
}

TEST_F(SecretJwtTest, OnlyTheRegisteredMethodIsTaken) {
  EXPECT_EQ(
      error_of(post("/token", {{"grant_type", "client_credentials"}}, {{"Authorization", basic("mac", kJwtSecret)}})),
      "invalid_client");
  EXPECT_EQ(error_of(token(make(claims({{"iss", "service"}, {"sub", "service"}}), "HS256", kSecret))),
            "invalid_client");
}

// The classic confusion: the public key, which everybody has, taken for a secret.
TEST_F(SecretJwtTest, AMacKeyedWithAPublicKeyIsNoPrivateKeyJwt) {
  const std::string key = oidc::to_text(AssertionMaker{"RS256"}.public_jwk());
  for (const std::string& secret : {key, std::string{}}) {
    EXPECT_EQ(error_of(token(make(claims({{"iss", "keys"}, {"sub", "keys"}}), "HS256", secret))), "invalid_client");
  }
}

}  // namespace
}  // namespace mockserver::test
