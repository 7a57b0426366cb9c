#include <cstdio>
#include <fstream>

#include "authcore/decoded_token.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "private_key_texts.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::HasSubstr;

class KeyPairClientTest : public test::ClientWorld {
 protected:
  KeyPairClientTest() { config_["client_privkey"] = oidc::test::pkcs8_pem(SigningKey::rsa().handle()); }

  /// The assertion of a request, once it is sure that the key signed it.
  Json claims(std::size_t request) {
    const DecodedToken decoded = decode_unverified(http_.form(request).value_or_empty("client_assertion")).value();
    const auto key = make_verification_key(oidc::to_jwk(signer_->handle()).value());
    const std::string algorithm = decoded.header.at("alg").get<std::string>();
    EXPECT_THAT(verify_signature(algorithm, **key, decoded.signing_input, decoded.signature), IsOk());
    return decoded.payload;
  }

  Json config_{{"client_type", "oidc_client_credentials_pubkey"}, {"auth_server", test::kServer}, {"client_id", "id"}};
  const SigningKey* signer_ = &SigningKey::rsa();
};

TEST_F(KeyPairClientTest, LogsInWithAnAssertionForTheTokenEndpoint) {
  judges({"CC-001", "CAUTH-005", "CAUTH-006", "TOK-004"});
  answer_metadata();
  answer_json(200, test::token_response());
  const auto under_test = client(config_);
  EXPECT_TRUE(under_test->can_login_unattended());
  ASSERT_THAT(under_test->login({}), IsOk());
  const oidc::Form form = http_.form(1);
  EXPECT_EQ(form.size(), 3U);
  EXPECT_EQ(form.get("grant_type"), "client_credentials");
  EXPECT_EQ(form.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_EQ(claims(1)["aud"], test::kServer + "/token");
  EXPECT_FALSE(http_.request(1).headers.contains("Authorization"));
}

TEST_F(KeyPairClientTest, MakesANewAssertionForEachRequestAndEndpoint) {
  judges({"CAUTH-006"});
  answer_metadata();
  answer_json(200, test::token_response());
  answer_json(200, test::token_response());
  answer_json(200, {{"active", true}});
  http_.answer(oidc::HttpResponse{200, {}, ""});
  const auto under_test = client(config_);
  ASSERT_THAT(under_test->login({}), IsOk());
  clock_.advance(10s);
  ASSERT_THAT(under_test->login({}), IsOk());
  ASSERT_THAT(under_test->validate_access_token_remote("at"), IsOk());
  ASSERT_THAT(under_test->revoke_access_token("at"), IsOk());
  EXPECT_NE(claims(1)["jti"], claims(2)["jti"]);
  EXPECT_EQ(claims(2)["iat"].get<std::int64_t>() - claims(1)["iat"].get<std::int64_t>(), 10);
  EXPECT_EQ(claims(3)["aud"], test::kServer + "/introspect");
  EXPECT_EQ(claims(4)["aud"], test::kServer + "/revoke");
}

TEST_F(KeyPairClientTest, TakesAJwkAsObjectOrText) {
  judges({"CFG-010", "CAUTH-008"});
  signer_ = &SigningKey::p256();
  const Json jwk = oidc::test::private_jwk(signer_->handle());
  for (const Json& literal : {jwk, Json(oidc::to_text(jwk))}) {
    config_["client_privkey"] = literal;
    answer_metadata();
    answer_json(200, test::token_response());
    ASSERT_THAT(client(config_)->login({}), IsOk());
    EXPECT_EQ(claims(http_.count() - 1)["iss"], "id");
  }
}

TEST_F(KeyPairClientTest, ReadsItsKeyAtTheFirstUseAndOnce) {
  judges({"CFG-011", "CFG-012"});
  const std::string path = testing::TempDir() + "key_pair_client_test.pem";
  config_.erase("client_privkey");
  config_["client_privkey_file"] = path;
  config_["client_privkey_password"] = "pass";
  const auto under_test = client(config_);
  answer_metadata();
  EXPECT_THAT(under_test->login({}), FailsWith(Errc::kConfig, HasSubstr(path)));
  std::ofstream{path} << oidc::test::pkcs8_pem(SigningKey::rsa().handle(), "pass");
  answer_json(200, test::token_response());
  ASSERT_THAT(under_test->login({}), IsOk());
  std::remove(path.c_str());
  answer_json(200, {{"active", true}});
  ASSERT_THAT(under_test->validate_access_token_remote("at"), IsOk());
  EXPECT_EQ(claims(2)["iss"], "id");
}

TEST_F(KeyPairClientTest, PrefersTheLiteralKey) {
  judges({"CFG-010", "D-34"});
  config_["client_privkey_file"] = "/no/such/key.pem";
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(claims(1)["iss"], "id");
}

TEST_F(KeyPairClientTest, SendsNothingWithAKeyThatCannotBeRead) {
  judges({"CFG-012", "W-13"});
  config_["client_privkey"] = "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n";
  answer_metadata();
  EXPECT_THAT(client(config_)->login({}), FailsWith(Errc::kConfig, HasSubstr("client_privkey")));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(KeyPairClientTest, RefreshesWithAnAssertionToo) {
  config_["client_type"] = "oidc_device_code_pubkey";
  answer_metadata();
  answer_json(200, test::token_response());
  const auto stored = Credential::from_json(CredentialKind::kOidc, {{"refresh_token", "rt"}}, test::kStart);
  ASSERT_THAT(client(config_)->refresh(*stored), IsOk());
  EXPECT_EQ(http_.form(1).size(), 4U);
  EXPECT_EQ(claims(1)["aud"], test::kServer + "/token");
}

TEST_F(KeyPairClientTest, RepeatsItsAssertionOnlyWithAThrottledRequest) {
  judges({"CAUTH-006"});
  answer_metadata();
  http_.answer(oidc::HttpResponse{429, {}, ""});
  answer_json(200, test::token_response());
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(claims(2), claims(1));
}

TEST_F(KeyPairClientTest, PollsWithANewAssertionEachTime) {
  judges({"CAUTH-006", "DEV-015"});
  config_["client_type"] = "oidc_device_code_pubkey";
  answer_metadata();
  answer_json(
      200,
      {{"device_code", "dc"}, {"user_code", "uc"}, {"verification_uri", "https://as.test/d"}, {"expires_in", 1800}});
  answer_json(400, {{"error", "authorization_pending"}});
  answer_json(200, test::token_response());
  const auto under_test = client(config_);
  const auto initiated = under_test->device_login_initiate({});
  ASSERT_THAT(initiated, IsOk());
  EXPECT_EQ(claims(1)["aud"], test::kServer + "/device");
  ASSERT_THAT(under_test->device_login_complete(*initiated), IsOk());
  EXPECT_EQ(claims(2)["aud"], test::kServer + "/token");
  EXPECT_NE(claims(2)["jti"], claims(3)["jti"]);
  EXPECT_NE(claims(2)["exp"], claims(3)["exp"]);
}

TEST_F(KeyPairClientTest, MayBeAnyTypeThatIsToldSo) {
  judges({"A-19"});
  config_["client_type"] = "oidc_device_code";
  config_["client_auth_method"] = "private_key_jwt";
  answer_metadata();
  answer_json(200, test::token_response());
  const auto stored = Credential::from_json(CredentialKind::kOidc, {{"refresh_token", "rt"}}, test::kStart);
  ASSERT_THAT(client(config_)->refresh(*stored), IsOk());
  EXPECT_EQ(claims(1)["sub"], "id");
}

}  // namespace
}  // namespace authcore
