#include "client_auth/private_key.hpp"

#include <cstdio>
#include <fstream>
#include <ostream>
#include <thread>

#include "authcore/decoded_token.hpp"
#include "client_auth/jws_signer.hpp"
#include "judges.hpp"
#include "private_key_texts.hpp"
#include "status_matchers.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::pkcs8_pem;
using oidc::test::private_jwk;
using oidc::test::SigningKey;
using oidc::test::traditional_pem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

EVP_PKEY& rsa() {
  return SigningKey::rsa().handle();
}
oidc::Result<authcore::SigningKey> parse(const std::string& text, const std::string& password = "") {
  return parse_private_key(text, password, "client_privkey");
}
oidc::Result<authcore::SigningKey> parse(const Json& jwk) {
  return parse(oidc::to_text(jwk));
}

/// Checked with the public half of `handle`.
oidc::Status verify(const std::string& token, EVP_PKEY& handle) {
  const DecodedToken decoded = decode_unverified(token).value();
  const auto key = make_verification_key(oidc::to_jwk(handle).value());
  const auto algorithm = oidc::string_member(decoded.header, "alg").value();
  return verify_signature(algorithm, **key, decoded.signing_input, decoded.signature);
}

struct AlgorithmCase {
  const char* name;
  const SigningKey& (*key)();
  const char* algorithm;
};
void PrintTo(const AlgorithmCase& c, std::ostream* out) {
  *out << c.name;
}
class PrivateKeyKind : public testing::TestWithParam<AlgorithmCase> {
 protected:
  EVP_PKEY& handle() const { return GetParam().key().handle(); }
};

TEST_P(PrivateKeyKind, SignsWithItsAlgorithmInWhateverFormItIsWritten) {
  judges({"CAUTH-008", "CFG-011"});
  for (const std::string& text : {pkcs8_pem(handle()), oidc::to_text(private_jwk(handle()))}) {
    const auto key = parse(text);
    ASSERT_THAT(key, IsOk()) << text.substr(0, 30);
    EXPECT_EQ(key->algorithm, GetParam().algorithm);
    const auto token = sign_jwt(*key, {{"iss", "id"}});
    ASSERT_THAT(token, IsOk());
    EXPECT_THAT(verify(*token, handle()), IsOk());
    EXPECT_EQ(decode_unverified(*token)->header, (Json{{"alg", GetParam().algorithm}, {"typ", "JWT"}}));
    EXPECT_EQ(decode_unverified(*token)->payload, (Json{{"iss", "id"}}));
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc7518, PrivateKeyKind,
                         testing::Values(AlgorithmCase{"rsa", SigningKey::rsa, "RS256"},
                                         AlgorithmCase{"p256", SigningKey::p256, "ES256"},
                                         AlgorithmCase{"p384", SigningKey::p384, "ES384"},
                                         AlgorithmCase{"p521", SigningKey::p521, "ES512"},
                                         AlgorithmCase{"ed25519", SigningKey::ed25519, "EdDSA"}),
                         [](const auto& tested) { return tested.param.name; });

TEST(PrivateKeyText, MayBePkcs1OrPkcs8EncryptedOrNot) {
  judges({"CFG-011"});
  EXPECT_THAT(traditional_pem(rsa()), HasSubstr("BEGIN RSA PRIVATE KEY"));
  EXPECT_THAT(parse(traditional_pem(rsa())), IsOk());
  EXPECT_THAT(parse(traditional_pem(rsa(), "pass"), "pass"), IsOk());
  EXPECT_THAT(pkcs8_pem(rsa(), "pass"), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  EXPECT_THAT(parse(pkcs8_pem(rsa(), "pass"), "pass"), IsOk());
}

TEST(PrivateKeyText, NeedsExactlyTheRightPassword) {
  judges({"CFG-012", "W-13", "W-27"});
  for (const std::string& text : {pkcs8_pem(rsa(), "open-sesame"), traditional_pem(rsa(), "open-sesame")}) {
    EXPECT_THAT(parse(text, "wrong-word"),
                FailsWith(Errc::kConfig, AllOf(HasSubstr("client_privkey_password"), HasSubstr("does not open"),
                                               Not(HasSubstr("wrong-word")))));
    EXPECT_THAT(parse(text), FailsWith(Errc::kConfig, HasSubstr("client_privkey_password: this key is required")));
  }
  EXPECT_THAT(parse(pkcs8_pem(rsa()), "unneeded"),
              FailsWith(Errc::kConfig, AllOf(HasSubstr("client_privkey_password"), HasSubstr("not encrypted"))));
  EXPECT_THAT(parse(oidc::to_text(private_jwk(rsa())), "unneeded"),
              FailsWith(Errc::kConfig, HasSubstr("client_privkey_password")));
}

TEST(PrivateKeyText, IsNeverQuoted) {
  judges({"CFG-012", "W-13"});
  const std::string pem = pkcs8_pem(rsa());
  const std::string torn = pem.substr(0, 200) + "\n-----END PRIVATE KEY-----\n";
  const oidc::Bio bio{BIO_new(BIO_s_mem())};
  PEM_write_bio_PUBKEY(bio.get(), &rsa());
  for (const std::string& text : {torn, std::string{"key-material"}, oidc::test::text_of(*bio), std::string{"{oops"}}) {
    EXPECT_THAT(parse(text),
                FailsWith(Errc::kConfig, AllOf(HasSubstr("client_privkey: "), Not(HasSubstr("key-material")),
                                               Not(HasSubstr("MII")), Not(HasSubstr("oops")))));
  }
}

TEST(PrivateKeyText, IsRefusedIfItsKeyIsWeakOrOfNoUse) {
  judges({"CAUTH-008"});
  EXPECT_THAT(parse(pkcs8_pem(SigningKey::weak_rsa().handle())), FailsWith(Errc::kConfig, HasSubstr("2048")));
  const oidc::EvpPkey koblitz{EVP_EC_gen("secp256k1")};
  EXPECT_THAT(parse(pkcs8_pem(*koblitz)), FailsWith(Errc::kConfig, HasSubstr("P-256")));
  const oidc::EvpPkey x25519{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
  EXPECT_THAT(parse(pkcs8_pem(*x25519)), FailsWith(Errc::kConfig, HasSubstr("Ed25519")));
}

TEST(PrivateJwk, MayNameItsAlgorithmAndKid) {
  Json jwk = private_jwk(rsa());
  jwk["alg"] = "PS256";
  jwk["kid"] = "k1";
  const auto token = sign_jwt(parse(jwk).value(), Json::object()).value();
  EXPECT_EQ(decode_unverified(token)->header, (Json{{"alg", "PS256"}, {"typ", "JWT"}, {"kid", "k1"}}));
  EXPECT_THAT(verify(token, rsa()), IsOk());
  jwk["alg"] = "ES256";
  EXPECT_THAT(parse(jwk), FailsWith(Errc::kConfig, HasSubstr("alg")));
}

TEST(PrivateJwk, MayLackThePrimes) {
  Json jwk = private_jwk(rsa());
  for (const char* member : {"p", "q", "dp", "dq", "qi"}) {
    jwk.erase(member);
  }
  const auto key = parse(jwk);
  ASSERT_THAT(key, IsOk());
  EXPECT_THAT(verify(sign_jwt(*key, Json::object()).value(), rsa()), IsOk());
}

TEST(PrivateJwk, NeedsItsPrivateHalf) {
  for (EVP_PKEY* key : {&rsa(), &SigningKey::p256().handle(), &SigningKey::ed25519().handle()}) {
    EXPECT_THAT(parse(oidc::to_json(oidc::to_jwk(*key).value())), FailsWith(Errc::kConfig, HasSubstr("\"d\"")));
  }
  Json torn = private_jwk(rsa());
  torn["q"] = "*";
  EXPECT_THAT(parse(torn), FailsWith(Errc::kConfig, HasSubstr("\"q\"")));
}

TEST(PrivateJwk, IsRefusedIfItsHalvesDoNotBelongTogether) {
  const oidc::EvpPkey p256{EVP_EC_gen("P-256")};
  const oidc::EvpPkey ed25519{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  for (const auto& [key, other] :
       {std::pair{&SigningKey::p256().handle(), p256.get()}, std::pair{&SigningKey::ed25519().handle(), ed25519.get()},
        std::pair{&rsa(), &SigningKey::other_rsa().handle()}}) {
    Json mixed = private_jwk(*key);
    mixed["d"] = private_jwk(*other)["d"];
    EXPECT_THAT(parse(mixed), FailsWith(Errc::kConfig)) << mixed["kty"];
  }
}

class PrivateKeyFile : public testing::Test {
 protected:
  ~PrivateKeyFile() override { std::remove(path_.c_str()); }

  void write(const std::string& text) const { std::ofstream{path_, std::ios::trunc} << text; }

  std::string path_ = testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".pem";
};

TEST_F(PrivateKeyFile, IsReadOnceAndWhenItIsNeeded) {
  judges({"CFG-011", "CFG-012"});
  PrivateKey key{{.file = path_}};
  write(pkcs8_pem(rsa()));
  const auto first = key.get();
  ASSERT_THAT(first, IsOk());
  std::remove(path_.c_str());
  EXPECT_EQ(key.get().value(), *first);
}

TEST_F(PrivateKeyFile, LosesToTheLiteral) {
  judges({"CFG-010", "D-34"});
  write(pkcs8_pem(SigningKey::p256().handle()));
  PrivateKey key{{.text = pkcs8_pem(rsa()), .file = path_}};
  EXPECT_EQ(key.get().value()->algorithm, "RS256");
}

TEST_F(PrivateKeyFile, IsNamedIfItCannotBeReadAndTriedAgain) {
  judges({"CFG-012", "W-13"});
  PrivateKey key{{.file = path_}};
  EXPECT_THAT(key.get(), FailsWith(Errc::kConfig, AllOf(HasSubstr("client_privkey_file"), HasSubstr(path_))));
  write("no key");
  EXPECT_THAT(key.get(), FailsWith(Errc::kConfig, AllOf(HasSubstr("client_privkey_file"), HasSubstr(path_))));
  write(std::string(70'000, 'x'));
  EXPECT_THAT(key.get(), FailsWith(Errc::kConfig, HasSubstr("too large")));
  PrivateKey folder{{.file = testing::TempDir()}};
  EXPECT_THAT(folder.get(), FailsWith(Errc::kConfig, HasSubstr("client_privkey_file")));
  write(pkcs8_pem(rsa()));
  EXPECT_THAT(key.get(), IsOk());
}

TEST_F(PrivateKeyFile, IsSharedByThreads) {
  judges({"CFG-011"});
  write(pkcs8_pem(rsa()));
  PrivateKey key{{.file = path_}};
  std::vector<std::shared_ptr<const authcore::SigningKey>> seen(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : seen) {
      threads.emplace_back([&] {
        mine = key.get().value();
        EXPECT_THAT(verify(sign_jwt(*mine, Json::object()).value(), rsa()), IsOk());
      });
    }
  }
  for (const auto& each : seen) {
    EXPECT_EQ(each, seen.front());
  }
}

}  // namespace
}  // namespace authcore
