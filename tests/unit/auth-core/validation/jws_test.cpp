#include "validation/jws.hpp"

#include "judges.hpp"
#include "status_matchers.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;

const std::string kInput = "header.payload";

std::shared_ptr<const VerificationKey> key_of(const Json& jwk) {
  return make_verification_key(oidc::parse_jwk(jwk).value()).value();
}

const SigningKey& signer(const std::string& alg) {
  if (alg == "ES256") {
    return SigningKey::p256();
  }
  if (alg == "ES384") {
    return SigningKey::p384();
  }
  if (alg == "ES512") {
    return SigningKey::p521();
  }
  return alg == "EdDSA" ? SigningKey::ed25519() : SigningKey::rsa();
}

class Algorithm : public testing::TestWithParam<const char*> {};

TEST_P(Algorithm, VerifiesItsSignature) {
  const std::string alg = GetParam();
  const auto key = key_of(signer(alg).jwk("k"));
  const std::string signature = signer(alg).sign(alg, kInput);
  EXPECT_THAT(verify_signature(alg, *key, kInput, signature), IsOk());
  EXPECT_THAT(verify_signature(alg, *key, kInput + "x", signature), FailsWith(Errc::kBadSignature));
  EXPECT_THAT(verify_signature(alg, *key, kInput, ""), FailsWith(Errc::kBadSignature));
  EXPECT_THAT(verify_signature(alg, *key, kInput, signature + '\0'), FailsWith(Errc::kBadSignature));
}

TEST_P(Algorithm, TakesNoKeyOfAnotherKind) {
  judges({"TV-025"});
  const std::string alg = GetParam();
  for (const char* other : {"RS256", "ES256", "ES384", "ES512", "EdDSA"}) {
    if (&signer(other) != &signer(alg)) {
      EXPECT_THAT(verify_signature(alg, *key_of(signer(other).jwk("k")), kInput, "x"),
                  FailsWith(Errc::kAlgorithmNotAllowed))
          << other;
    }
  }
}

TEST_P(Algorithm, TakesAKeyMadeForItOnly) {
  judges({"JWK-010"});
  const std::string alg = GetParam();
  Json jwk = signer(alg).jwk("k");
  jwk["alg"] = alg;
  const std::string signature = signer(alg).sign(alg, kInput);
  EXPECT_THAT(verify_signature(alg, *key_of(jwk), kInput, signature), IsOk());
  jwk["alg"] = "other";
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(jwk).value()), FailsWith(Errc::kUnknownKey));
}

INSTANTIATE_TEST_SUITE_P(Rfc7518, Algorithm,
                         testing::Values("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                                         "ES512", "EdDSA"));

TEST(VerifySignature, TellsPaddingsOfOneKeyApart) {
  const auto key = key_of(SigningKey::rsa().jwk("k"));
  EXPECT_THAT(verify_signature("RS256", *key, kInput, SigningKey::rsa().sign("PS256", kInput)),
              FailsWith(Errc::kBadSignature));
  EXPECT_THAT(verify_signature("PS256", *key, kInput, SigningKey::rsa().sign("RS256", kInput)),
              FailsWith(Errc::kBadSignature));
}

TEST(VerifySignature, TakesAKeyForOneAlgorithmForNoOther) {
  judges({"JWK-010"});
  Json jwk = SigningKey::rsa().jwk("k");
  jwk["alg"] = "RS512";
  EXPECT_THAT(verify_signature("RS256", *key_of(jwk), kInput, SigningKey::rsa().sign("RS256", kInput)),
              FailsWith(Errc::kAlgorithmNotAllowed));
}

TEST(VerifySignature, CanBeRepeatedWithOneKey) {
  const auto key = key_of(SigningKey::rsa().jwk("k"));
  for (const std::string& input : {kInput, std::string{"other"}, kInput}) {
    EXPECT_THAT(verify_signature("PS256", *key, input, SigningKey::rsa().sign("PS256", input)), IsOk());
    EXPECT_THAT(verify_signature("PS256", *key, input + "x", SigningKey::rsa().sign("PS256", input)),
                FailsWith(Errc::kBadSignature));
  }
}

TEST(VerifySignature, RefusesAnAllZeroEcdsaSignature) {
  const auto key = key_of(SigningKey::p256().jwk("k"));
  EXPECT_THAT(verify_signature("ES256", *key, kInput, std::string(64, '\0')), FailsWith(Errc::kBadSignature));
}

TEST(VerifySignature, RefusesADerSignature) {
  const auto key = key_of(SigningKey::p256().jwk("k"));
  const std::string der = std::string{"\x30\x06\x02\x01\x01\x02\x01\x01", 8};
  EXPECT_THAT(verify_signature("ES256", *key, kInput, der), FailsWith(Errc::kBadSignature));
}

TEST(VerifySignature, KnowsNeitherNoneNorHmacNorOtherSpellings) {
  const auto key = key_of(SigningKey::rsa().jwk("k"));
  for (const char* alg : {"none", "HS256", "rs256", "RS1", ""}) {
    EXPECT_THAT(verify_signature(alg, *key, kInput, SigningKey::rsa().sign("RS256", kInput)),
                FailsWith(Errc::kAlgorithmNotAllowed))
        << alg;
  }
}

TEST(VerificationKey, IsNotMadeOfWhatMustNotVerify) {
  judges({"JWK-010"});
  Json encryption = SigningKey::rsa().jwk("k");
  encryption["use"] = "enc";
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(encryption).value()), FailsWith(Errc::kUnknownKey));
  Json signing = SigningKey::rsa().jwk("k");
  signing["key_ops"] = Json::array({"sign"});
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(signing).value()), FailsWith(Errc::kUnknownKey));
  Json verifying = SigningKey::rsa().jwk("k");
  verifying["use"] = "sig";
  verifying["key_ops"] = Json::array({"sign", "verify"});
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(verifying).value()), IsOk());
}

TEST(VerificationKey, NeedsAnRsaModulusOf2048Bits) {
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(SigningKey::weak_rsa().jwk("k")).value()),
              FailsWith(Errc::kUnknownKey));
  Json bits_2047 = SigningKey::rsa().jwk("k");
  std::string modulus = oidc::base64url_decode(bits_2047.at("n").get<std::string>()).value();
  modulus[0] = '\x7f';
  bits_2047["n"] = oidc::base64url_encode(modulus);
  EXPECT_THAT(make_verification_key(oidc::parse_jwk(bits_2047).value()), FailsWith(Errc::kUnknownKey));
}

TEST(VerificationKey, NeedsAnRsaExponentThatSigns) {
  for (const char* exponent : {"AQ", "Ag"}) {  // 1 and 2
    Json jwk = SigningKey::rsa().jwk("k");
    jwk["e"] = exponent;
    EXPECT_THAT(make_verification_key(oidc::parse_jwk(jwk).value()), FailsWith(Errc::kUnknownKey)) << exponent;
  }
}

TEST(AccessTokenHash, IsTheLeftHalfOfTheAlgorithmsHash) {
  // OIDC Core A.3: the access token and at_hash of its example.
  EXPECT_EQ(access_token_hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y").value(),
            "77QmUPtjPfzWtF2AnpK9RQ");
  EXPECT_EQ(access_token_hash("ES384", "x").value().size(), 32U);
  EXPECT_EQ(access_token_hash("EdDSA", "x").value().size(), 43U);
  EXPECT_THAT(access_token_hash("none", "x"), FailsWith(Errc::kAlgorithmNotAllowed));
}

}  // namespace
}  // namespace authcore
