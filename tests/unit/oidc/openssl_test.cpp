#include "oidc/openssl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

namespace oidc {
namespace {

TEST(OpenSslTest, ErrorsCarryTheReasonAndEmptyTheQueue) {
  const std::string not_der = "x";
  const auto* bytes = reinterpret_cast<const unsigned char*>(not_der.data());
  ASSERT_EQ(d2i_PUBKEY(nullptr, &bytes, 1), nullptr);
  const Error error = openssl_error("public key");
  EXPECT_EQ(error.code, Errc::kUnknown);
  EXPECT_THAT(error.message, testing::MatchesRegex("public key: .+"));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(OpenSslTest, AnErrorWithoutReasonSaysSo) {
  EXPECT_EQ(openssl_error("x").message, "x: OpenSSL gave no reason");
}

TEST(OpenSslTest, SecretsAreEqualOnlyAsAWhole) {
  EXPECT_TRUE(equal_secrets("", ""));
  EXPECT_TRUE(equal_secrets("abc", "abc"));
  EXPECT_FALSE(equal_secrets("abc", "abd"));
  EXPECT_FALSE(equal_secrets("abc", "ab"));
}

}  // namespace
}  // namespace oidc
