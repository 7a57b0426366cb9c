// A JWT for one reader only, opened with OpenSSL itself.

#include "jose/encryption.hpp"

#include "../jwt_check.hpp"
#include "jose/signing_key.hpp"

namespace mockserver::test {
namespace {

std::string part(const std::string& text, int index) {
  std::size_t begin = 0;
  for (int i = 0; i < index; ++i) {
    begin = text.find('.', begin) + 1;
  }
  return text.substr(begin, text.find('.', begin) - begin);
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string unwrap(EVP_PKEY* pkey, const EVP_MD* digest, std::string wrapped) {
  const oidc::EvpPkeyCtx context{EVP_PKEY_CTX_new(pkey, nullptr)};
  EVP_PKEY_decrypt_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING);
  EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), digest);
  std::string key(512, '\0');
  std::size_t size = key.size();
  EXPECT_EQ(EVP_PKEY_decrypt(context.get(), bytes_of(key), &size, bytes_of(wrapped), wrapped.size()), 1);
  key.resize(size);
  return key;
}

/// The right recipient reads it.
std::string opened(const std::string& jwe, EVP_PKEY* pkey, const EVP_MD* digest, const EVP_CIPHER* cipher) {
  std::string key = unwrap(pkey, digest, oidc::base64url_decode(part(jwe, 1)).value());
  std::string iv = oidc::base64url_decode(part(jwe, 2)).value();
  std::string text = oidc::base64url_decode(part(jwe, 3)).value();
  std::string tag = oidc::base64url_decode(part(jwe, 4)).value();
  std::string aad = part(jwe, 0);
  std::string plain(text.size(), '\0');
  int size = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_DecryptInit_ex(context, cipher, nullptr, bytes_of(key), bytes_of(iv));
  EVP_DecryptUpdate(context, nullptr, &size, bytes_of(aad), static_cast<int>(aad.size()));
  EVP_DecryptUpdate(context, bytes_of(plain), &size, bytes_of(text), static_cast<int>(text.size()));
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, tag.data());
  EXPECT_EQ(EVP_DecryptFinal_ex(context, nullptr, &size), 1) << "the tag is right";
  EVP_CIPHER_CTX_free(context);
  return plain;
}

struct EncryptionCase {
  const char* name;
  Encryption encryption;
  const EVP_MD* (*digest)();
  const EVP_CIPHER* (*cipher)();
};
class EncryptionTest : public testing::TestWithParam<EncryptionCase> {};

TEST_P(EncryptionTest, OnlyThePrivateHalfOpensIt) {
  const auto& [name, encryption, digest, cipher] = GetParam();
  oidc::SeededRandom random{3};
  const SigningKeyPtr reader = client_test_key();
  const std::string jwe = encrypt_jwt(reader->jwk, encryption, "a.b.c", random);
  EXPECT_EQ(std::ranges::count(jwe, '.'), 4);
  EXPECT_EQ(jwt_part(jwe, 0),
            (oidc::Json{{"alg", encryption.alg}, {"enc", encryption.enc}, {"cty", "JWT"}, {"kid", reader->kid()}}));
  EXPECT_EQ(opened(jwe, reader->pkey.get(), digest(), cipher()), "a.b.c");
}
INSTANTIATE_TEST_SUITE_P(
    Rfc7516, EncryptionTest,
    testing::Values(EncryptionCase{"Oaep128", {"RSA-OAEP", "A128GCM"}, &EVP_sha1, &EVP_aes_128_gcm},
                    EncryptionCase{"Oaep256", {"RSA-OAEP-256", "A256GCM"}, &EVP_sha256, &EVP_aes_256_gcm},
                    EncryptionCase{"Oaep192", {"RSA-OAEP-256", "A192GCM"}, &EVP_sha256, &EVP_aes_192_gcm}),
    [](const auto& test) { return std::string{test.param.name}; });

using EncryptedIdTokenTest = IssuerTest;

TEST_F(EncryptedIdTokenTest, WhatIsInItIsTheHint) {
  const SigningKeyPtr reader = client_test_key();
  oidc::Json key = to_json(reader->jwk);
  key.erase("use");
  key.erase("alg");
  start({{"users", {{{"sub", "ann"}}, {{"sub", "bob"}}}},
         {"clients",
          {{{"id", "app"},
            {"redirect_uris", {kCallback}},
            {"jwks", {{"keys", {key}}}},
            {"id_token_encryption", {{"alg", "RSA-OAEP"}}}}}}});
  auto form = authorization();
  form.set("login_hint", "bob");
  const std::string encrypted = body_of(redeem(code(form))).at("id_token");
  const std::string hint = opened(encrypted, reader->pkey.get(), EVP_sha1(), EVP_aes_256_gcm());
  EXPECT_EQ(jwt_part(hint, 1).at("sub"), "bob");
  form.set("login_hint", "ann");
  form.set("id_token_hint", hint);
  const auto again = body_of(redeem(code(form))).at("id_token").get<std::string>();
  EXPECT_EQ(jwt_part(opened(again, reader->pkey.get(), EVP_sha1(), EVP_aes_256_gcm()), 1).at("sub"), "bob");
  EXPECT_EQ(issuer_->ledger().name_of(again), "id#2") << "what is in one has a name of its own";
  form.set("id_token_hint", encrypted);
  EXPECT_EQ(redirect_of(authorize(form)).value_or_empty("error"), "invalid_request");
}

}  // namespace
}  // namespace mockserver::test
