#include <string>

#include <gtest/gtest.h>

#include "oidc/base64url.hpp"
#include "oidc/form.hpp"
#include "oidc/random.hpp"
#include "oidc/url.hpp"
#include "status_matchers.hpp"

/// Whatever bytes go in come out again, for each encoding.
namespace oidc {
namespace {

using test::IsOk;

constexpr int kRounds = 500;

std::string random_bytes(Random& random) {
  std::string bytes(random.below(40), '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

TEST(RoundTripTest, Base64urlGivesTheBytesBack) {
  SeededRandom random{1};
  for (int i = 0; i < kRounds; ++i) {
    const std::string bytes = random_bytes(random);
    const auto decoded = base64url_decode(base64url_encode(bytes));
    ASSERT_THAT(decoded, IsOk());
    ASSERT_EQ(*decoded, bytes);
  }
}

TEST(RoundTripTest, Base64urlHasOneEncodingForEachValue) {
  SeededRandom random{2};
  constexpr std::string_view kAlphabet = "ABab01-_=+/ \n";
  for (int i = 0; i < kRounds * 10; ++i) {
    std::string text;
    for (std::uint64_t length = random.below(7); length > 0; --length) {
      text += kAlphabet[random.below(kAlphabet.size())];
    }
    const auto decoded = base64url_decode(text);
    if (decoded) {
      ASSERT_EQ(base64url_encode(*decoded), text);
    }
    const auto padded = base64_decode(text);
    if (padded) {
      ASSERT_EQ(base64_encode(*padded), text);
    }
  }
}

TEST(RoundTripTest, Base64GivesTheBytesBack) {
  SeededRandom random{3};
  for (int i = 0; i < kRounds; ++i) {
    const std::string bytes = random_bytes(random);
    const auto decoded = base64_decode(base64_encode(bytes));
    ASSERT_THAT(decoded, IsOk());
    ASSERT_EQ(*decoded, bytes);
  }
}

TEST(RoundTripTest, FormAndPercentEncodingGiveTheBytesBack) {
  SeededRandom random{4};
  for (int i = 0; i < kRounds; ++i) {
    const std::string bytes = random_bytes(random);
    const auto form = form_decode(form_encode(bytes));
    const auto percent = form_decode(percent_encode(bytes));
    ASSERT_THAT(form, IsOk());
    ASSERT_THAT(percent, IsOk());
    ASSERT_EQ(*form, bytes);
    ASSERT_EQ(*percent, bytes);
  }
}

TEST(RoundTripTest, FormsGiveTheirFieldsBack) {
  SeededRandom random{5};
  for (int i = 0; i < kRounds; ++i) {
    Form form;
    for (std::uint64_t fields = random.below(5); fields > 0; --fields) {
      form.add(random_bytes(random), random_bytes(random));
    }
    const auto parsed = parse_form(form.encode());
    ASSERT_THAT(parsed, IsOk());
    ASSERT_EQ(*parsed, form);
  }
}

}  // namespace
}  // namespace oidc
