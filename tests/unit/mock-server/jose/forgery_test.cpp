// Each forgery is wrong in its own way and right in all others.

#include "jose/forgery.hpp"

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

class ForgeryTest : public testing::Test {
 protected:
  std::string forged(const Forgery& forgery) { return forge_jwt({key_.get()}, forgery, "JWT", {{"sub", "user-1"}}); }
  bool is_right(const std::string& jwt) { return verifies(jwt, oidc::to_json(key_->jwk)); }

  oidc::SeededRandom random_{7};
  SigningKeyPtr key_ = derive_key(*find_algorithm("ES256"), random_);
};

TEST_F(ForgeryTest, NothingAskedForIsARightToken) {
  const std::string jwt = forged({});
  EXPECT_TRUE(is_right(jwt));
  EXPECT_EQ(jwt_part(jwt, 0), (oidc::Json{{"alg", "ES256"}, {"kid", key_->kid()}, {"typ", "JWT"}}));
  EXPECT_EQ(jwt_part(jwt, 1), (oidc::Json{{"sub", "user-1"}}));
}

TEST_F(ForgeryTest, HeaderPatchIsSigned) {
  const oidc::Json patch = {{"typ", nullptr}, {"crit", {"exp"}}};
  const std::string jwt = forged({.header = &patch});
  EXPECT_TRUE(is_right(jwt));
  EXPECT_FALSE(jwt_part(jwt, 0).contains("typ"));
  EXPECT_TRUE(jwt_part(jwt, 0).contains("crit"));
}

TEST_F(ForgeryTest, KidIsOmittedOrUnknownUnderARightSignature) {
  const std::string omitted = forged({.kid = "omit"});
  EXPECT_TRUE(is_right(omitted));
  EXPECT_FALSE(jwt_part(omitted, 0).contains("kid"));
  const std::string unknown = forged({.kid = "unknown"});
  EXPECT_TRUE(is_right(unknown));
  EXPECT_NE(jwt_part(unknown, 0).at("kid"), key_->kid());
}

TEST_F(ForgeryTest, DuplicateKidIsThereTwiceTheRightOneLast) {
  const std::string jwt = forged({.kid = "duplicate"});
  EXPECT_TRUE(is_right(jwt));
  const std::string header = oidc::base64url_decode(jwt.substr(0, jwt.find('.'))).value();
  EXPECT_FALSE(oidc::parse_json(header)) << "it has a name twice";
  const auto first = header.find("\"kid\":");
  const auto second = header.find("\"kid\":\"" + key_->kid() + "\"");
  EXPECT_LT(first, second);
  EXPECT_NE(second, std::string::npos);
}

TEST_F(ForgeryTest, PayloadAndHeaderAreChangedAfterSigning) {
  const std::string payload = forged({.corrupt = "payload"});
  EXPECT_FALSE(is_right(payload));
  EXPECT_EQ(jwt_part(payload, 1).at("sub"), "user-1");
  EXPECT_EQ(jwt_part(payload, 1).size(), 2U);
  const std::string header = forged({.corrupt = "header"});
  EXPECT_FALSE(is_right(header));
  EXPECT_EQ(jwt_part(header, 0).at("kid"), key_->kid());
  EXPECT_EQ(jwt_part(header, 0).size(), 4U);
}

TEST_F(ForgeryTest, SegmentsAreTwoOrFour) {
  const auto dots = [](const std::string& jwt) { return std::ranges::count(jwt, '.'); };
  EXPECT_EQ(dots(forged({.corrupt = "segments"})), 1);
  EXPECT_EQ(dots(forged({.corrupt = "extra_segment"})), 3);
}

TEST_F(ForgeryTest, SignatureIsFlippedShortOrEmpty) {
  EXPECT_FALSE(is_right(forged({.corrupt = "signature"})));
  const std::string shorter = forged({.corrupt = "short_signature"});
  EXPECT_EQ(oidc::base64url_decode(shorter.substr(shorter.rfind('.') + 1)).value().size(), 63U);
  EXPECT_EQ(forged({.corrupt = "no_signature"}).back(), '.');
}

TEST_F(ForgeryTest, DerIsTheSignatureInTheOtherForm) {
  const std::string jwt = forged({.corrupt = "der"});
  const auto dot = jwt.rfind('.');
  const std::string der = oidc::base64url_decode(jwt.substr(dot + 1)).value();
  EXPECT_EQ(der.front(), '\x30') << "a SEQUENCE";
  const auto pkey = oidc::to_public_key(key_->jwk).value();
  const oidc::EvpMdCtx context{EVP_MD_CTX_new()};
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, pkey.get());
  EXPECT_EQ(EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size(),
                             reinterpret_cast<const unsigned char*>(jwt.data()), dot),
            1);
}

TEST_F(ForgeryTest, EncodingHasPaddingThatJoseForbids) {
  const std::string jwt = forged({.corrupt = "encoding"});
  EXPECT_NE(jwt.find('='), std::string::npos);
  EXPECT_FALSE(oidc::base64url_decode(jwt.substr(0, jwt.find('.'))));
}

TEST_F(ForgeryTest, ClaimsThatAreNoJsonAreRightlySigned) {
  const std::string jwt = forged({.corrupt = "json"});
  EXPECT_TRUE(is_right(jwt));
  const auto first = jwt.find('.') + 1;
  EXPECT_EQ(oidc::base64url_decode(jwt.substr(first, jwt.rfind('.') - first)).value(), "{\"sub\":\"user-1\"");
}

TEST_F(ForgeryTest, NamesOfCorruptionsAreKnown) {
  EXPECT_TRUE(is_corruption("payload"));
  EXPECT_FALSE(is_corruption("paylaod"));
  EXPECT_FALSE(is_corruption(""));
}

}  // namespace
}  // namespace mockserver::test
