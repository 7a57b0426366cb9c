#include "oidc/jwk.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

// RFC 7638 §3.1, which is also the RSA key of RFC 7517 A.1.
constexpr const char* kRsa = R"({"kty":"RSA",
  "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
  "e":"AQAB","alg":"RS256","kid":"2011-04-29"})";

// RFC 7517 A.1.
constexpr const char* kEc = R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"})";

// RFC 8037 A.2.
constexpr const char* kEd25519 = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

Jwk parse(const Json& json) {
  auto key = parse_jwk(json);
  EXPECT_THAT(key, IsOk());
  return key ? *std::move(key) : Jwk{};
}

Json with(const char* base, const char* member, Json value) {
  Json json = Json::parse(base);
  json[member] = std::move(value);
  return json;
}

Json without(const char* base, const char* member) {
  Json json = Json::parse(base);
  json.erase(member);
  return json;
}

TEST(ThumbprintTest, IsThatOfRfc7638) {
  EXPECT_EQ(thumbprint(parse(Json::parse(kRsa))), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(ThumbprintTest, IsThatOfRfc8037) {
  EXPECT_EQ(thumbprint(parse(Json::parse(kEd25519))), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(ThumbprintTest, OfAnEcKeyHashesItsFourMembers) {
  const std::string members = R"({"crv":"P-256","kty":"EC","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
                              R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";
  EXPECT_EQ(thumbprint(parse(Json::parse(kEc))), base64url_encode(sha256(members)));
}

TEST(JwkTest, PublicMembersComeBackAsTheyWere) {
  for (const char* text : {kRsa, kEc, kEd25519}) {
    const Json json = Json::parse(text);
    EXPECT_EQ(to_json(parse(json)), json);
  }
  const Json json = with(kEc, "key_ops", Json::array({"verify"}));
  EXPECT_EQ(to_json(parse(json)), json);
}

TEST(JwkTest, PrivateMembersAreNeitherParsedNorPrinted) {
  const Json json = with(kEd25519, "d", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
  EXPECT_EQ(to_json(parse(json)), Json::parse(kEd25519));
}

TEST(JwkTest, KeysGoToOpenSslAndBack) {
  for (const char* text : {kRsa, kEc, kEd25519}) {
    const auto key = parse(Json::parse(text));
    const auto handle = to_public_key(key);
    ASSERT_THAT(handle, IsOk());
    const auto back = to_jwk(**handle);
    ASSERT_THAT(back, IsOk());
    EXPECT_EQ(thumbprint(*back), thumbprint(key));
    EXPECT_EQ(back->kid, "");
  }
}

TEST(JwkTest, GeneratedKeysOfEachCurveSurviveTheFormat) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    for (int i = 0; i < 10; ++i) {  // some coordinates begin with a zero byte
      const EvpPkey key{EVP_EC_gen(curve)};
      ASSERT_NE(key, nullptr);
      const auto jwk = to_jwk(*key);
      ASSERT_THAT(jwk, IsOk());
      EXPECT_EQ(jwk->crv, curve);
      const auto handle = to_public_key(parse(to_json(*jwk)));
      ASSERT_THAT(handle, IsOk());
      EXPECT_EQ(EVP_PKEY_eq(handle->get(), key.get()), 1);
    }
  }
}

TEST(JwkTest, LeadingZerosOfAModulusAreDropped) {
  const Jwk key = parse(Json::parse(kRsa));
  const Jwk padded = parse(with(kRsa, "n", base64url_encode(std::string{"\0\0", 2} + key.n)));
  EXPECT_EQ(padded.n, key.n);
}

TEST(JwkTest, VerifiesTheSignatureOfRfc8037A4) {
  const auto key = to_public_key(parse(Json::parse(kEd25519)));
  ASSERT_THAT(key, IsOk());
  const std::string input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const auto signature =
      base64url_decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  ASSERT_THAT(signature, IsOk());
  const EvpMdCtx context{EVP_MD_CTX_new()};
  ASSERT_EQ(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key->get()), 1);
  EXPECT_EQ(EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                             signature->size(), reinterpret_cast<const unsigned char*>(input.data()), input.size()),
            1);
}

struct BadJwk {
  const char* name;
  Json json;
  const char* message;
};

TEST(JwkTest, NamesTheBadMember) {
  const std::string short_coordinate = base64url_encode(std::string(31, 'x'));
  const BadJwk cases[] = {{"array", Json::array(), "object"},
                          {"no kty", Json::object(), "\"kty\""},
                          {"oct", Json::parse(R"({"kty":"oct","k":"AA"})"), "\"kty\""},
                          {"kty number", with(kRsa, "kty", 1), "\"kty\""},
                          {"no n", without(kRsa, "n"), "\"n\" is missing"},
                          {"n number", with(kRsa, "n", 5), "\"n\" is not a string"},
                          {"n padded", with(kRsa, "n", "AQAB=="), "\"n\""},
                          {"n zero", with(kRsa, "n", "AAAA"), "\"n\""},
                          {"e empty", with(kRsa, "e", ""), "\"e\""},
                          {"kid number", with(kRsa, "kid", 5), "\"kid\""},
                          {"key_ops", with(kRsa, "key_ops", "verify"), "\"key_ops\""},
                          {"key_ops element", with(kRsa, "key_ops", Json::array({1})), "\"key_ops\""},
                          {"no crv", without(kEc, "crv"), "\"crv\""},
                          {"secp256k1", with(kEc, "crv", "secp256k1"), "\"crv\""},
                          {"short x", with(kEc, "x", short_coordinate), "\"x\""},
                          {"no y", without(kEc, "y"), "\"y\""},
                          {"Ed448", with(kEd25519, "crv", "Ed448"), "\"crv\""},
                          {"short Ed25519", with(kEd25519, "x", short_coordinate), "\"x\""}};
  for (const auto& [name, json, message] : cases) {
    EXPECT_THAT(parse_jwk(json), FailsWith(Errc::kInvalidArgument, testing::HasSubstr(message))) << name;
  }
}

TEST(JwkTest, RefusesKeysThatAreNone) {
  Jwk off_curve = parse(Json::parse(kEc));
  off_curve.y.back() = static_cast<char>(off_curve.y.back() ^ 1);
  EXPECT_THAT(to_public_key(off_curve), FailsWith(Errc::kInvalidArgument));

  Jwk even = parse(Json::parse(kRsa));
  even.n.back() = static_cast<char>(even.n.back() & ~1);
  EXPECT_THAT(to_public_key(even), FailsWith(Errc::kInvalidArgument));

  Jwk tiny = parse(Json::parse(kRsa));
  tiny.n = "\x0F";
  EXPECT_THAT(to_public_key(tiny), FailsWith(Errc::kInvalidArgument));

  Jwk huge = parse(Json::parse(kRsa));
  huge.n = std::string(5000, '\xFF');
  EXPECT_THAT(to_public_key(huge), FailsWith(Errc::kInvalidArgument));

  Jwk one = parse(Json::parse(kRsa));
  one.e = "\x01";
  EXPECT_THAT(to_public_key(one), FailsWith(Errc::kInvalidArgument));

  EXPECT_THAT(to_public_key(Jwk{}), FailsWith(Errc::kInvalidArgument));
}

TEST(JwkTest, RefusesOpenSslKeysOfOtherTypes) {
  const EvpPkey x25519{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
  const EvpPkey secp256k1{EVP_EC_gen("secp256k1")};
  EXPECT_THAT(to_jwk(*x25519), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(to_jwk(*secp256k1), FailsWith(Errc::kInvalidArgument));
}

}  // namespace
}  // namespace oidc
