#include "oidc/base64url.hpp"

#include <string>

#include <gtest/gtest.h>

#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

TEST(Base64Test, EncodesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes), text);
    const auto decoded = base64_decode(text);
    ASSERT_THAT(decoded, IsOk()) << text;
    EXPECT_EQ(*decoded, bytes);
    std::string unpadded = text;
    unpadded.resize(std::min(unpadded.find('='), unpadded.size()));
    EXPECT_EQ(base64url_encode(bytes), unpadded);
    EXPECT_THAT(base64url_decode(unpadded), IsOk()) << unpadded;
  }
}

TEST(Base64urlTest, EncodesTheVectorOfRfc7515AppendixC) {
  const std::string bytes = {3, static_cast<char>(236), static_cast<char>(255), static_cast<char>(224),
                             static_cast<char>(193)};
  EXPECT_EQ(base64url_encode(bytes), "A-z_4ME");
  EXPECT_EQ(base64_encode(bytes), "A+z/4ME=");
}

TEST(Base64urlTest, DecodesTheHeaderOfRfc7515AppendixA1) {
  const auto header = base64url_decode("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9");
  ASSERT_THAT(header, IsOk());
  EXPECT_EQ(*header, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
}

TEST(Base64urlTest, RefusesWhatHasAnotherSpelling) {
  for (const char* text : {"Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9vY", "Zm 9v", "Zm9v\n", "A+z_", "A/z_", "Zm9v\xC3"}) {
    EXPECT_THAT(base64url_decode(text), FailsWith(Errc::kInvalidArgument)) << text;
  }
}

TEST(Base64Test, RefusesBadPaddingAndUrlSafeCharacters) {
  for (const char* text : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "A-z_4ME=", "Zg==Zg==", "=Zg=", "Zg= "}) {
    EXPECT_THAT(base64_decode(text), FailsWith(Errc::kInvalidArgument)) << text;
  }
}

TEST(Base64urlTest, NeverQuotesWhatItRefuses) {
  const auto decoded = base64url_decode("c2VjcmV0!");
  EXPECT_THAT(decoded, FailsWith(Errc::kInvalidArgument, testing::Not(testing::HasSubstr("c2Vj"))));
}

}  // namespace
}  // namespace oidc
