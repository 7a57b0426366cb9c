#include "client_auth/private_key_jwt.hpp"

#include <regex>
#include <set>

#include "authcore/decoded_token.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "private_key_texts.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;

class PrivateKeyJwtTest : public test::ClientWorld {
 protected:
  Form prove(const std::string& endpoint) {
    Form form{{"client_id", "from-extra"}, {"client_secret", "from-extra"}, {"client_assertion", "x"}, {"a", "b"}};
    EXPECT_THAT(authentication_->apply(endpoint, form, headers_), IsOk());
    return form;
  }
  DecodedToken assertion(const std::string& endpoint) {
    return decode_unverified(prove(endpoint).value_or_empty("client_assertion")).value();
  }

  oidc::Headers headers_;
  std::shared_ptr<PrivateKey> key_ = std::make_shared<PrivateKey>(
      PrivateKeySource{.text = oidc::test::pkcs8_pem(SigningKey::rsa().handle()), .file = "", .password = ""});
  std::unique_ptr<ClientAuthentication> authentication_ = make_private_key_jwt("id", key_, clock_, random_);
};

TEST_F(PrivateKeyJwtTest, SendsAnAssertionAndNoOtherProof) {
  judges({"CAUTH-005"});
  const Form form = prove("https://as.test/token");
  EXPECT_EQ(form.size(), 3U);
  EXPECT_EQ(form.get("a"), "b");
  EXPECT_EQ(form.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_NE(form.get("client_assertion"), "x");
  EXPECT_EQ(headers_, oidc::Headers{});
}

TEST_F(PrivateKeyJwtTest, SaysWhoForWhomAndForHowLong) {
  judges({"CAUTH-006"});
  clock_.advance(std::chrono::milliseconds{999});  // rounded down
  const Json claims = assertion("https://as.test/token?x=1").payload;
  const auto now = oidc::epoch_seconds(test::kStart).count();
  EXPECT_EQ(claims.size(), 7U);
  EXPECT_EQ(claims["iss"], "id");
  EXPECT_EQ(claims["sub"], "id");
  EXPECT_EQ(claims["aud"], "https://as.test/token?x=1");
  EXPECT_EQ(claims["iat"], now);
  EXPECT_EQ(claims["nbf"], now);
  EXPECT_EQ(claims["exp"], now + 300);
}

TEST_F(PrivateKeyJwtTest, IsSignedWithRs256AndNamesNoKey) {
  judges({"CAUTH-007"});
  const DecodedToken decoded = assertion("https://as.test/token");
  EXPECT_EQ(decoded.header, (Json{{"alg", "RS256"}, {"typ", "JWT"}}));
  const auto key = make_verification_key(oidc::to_jwk(SigningKey::rsa().handle()).value());
  EXPECT_THAT(verify_signature("RS256", **key, decoded.signing_input, decoded.signature), IsOk());
}

TEST_F(PrivateKeyJwtTest, NeverUsesAnIdTwice) {
  judges({"CAUTH-006"});
  static const std::regex kVersion4{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    const std::string id = assertion("https://as.test/token").payload.at("jti").get<std::string>();
    EXPECT_TRUE(std::regex_match(id, kVersion4)) << id;
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 50U);
}

TEST_F(PrivateKeyJwtTest, SaysWhyThereIsNoKey) {
  key_ = std::make_shared<PrivateKey>(PrivateKeySource{.text = "", .file = "/no/such/key.pem", .password = ""});
  authentication_ = make_private_key_jwt("id", key_, clock_, random_);
  Form form;
  EXPECT_THAT(authentication_->apply("https://as.test/token", form, headers_),
              FailsWith(Errc::kConfig, testing::HasSubstr("/no/such/key.pem")));
  EXPECT_TRUE(form.empty());
}

}  // namespace
}  // namespace authcore
