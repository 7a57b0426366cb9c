#include "oidc/random.hpp"

#include <array>
#include <set>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace oidc {
namespace {

/// Gives prepared words, then zeros.
class Words final : public Random {
 public:
  explicit Words(std::vector<std::uint64_t> words) : words_{std::move(words)} {}
  void fill(std::span<std::uint8_t> bytes) override {
    const std::uint64_t word = next_ < words_.size() ? words_[next_++] : 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(word >> (8U * (7U - i)));
    }
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t next_ = 0;
};

TEST(RandomTest, TheSameSeedGivesTheSameBytesOnEveryPlatform) {
  SeededRandom random{5489};  // the first output of mt19937_64 by default is 14514284786278117030
  std::array<std::uint8_t, 9> bytes{};
  random.fill(bytes);
  EXPECT_EQ(
      (std::array<std::uint8_t, 8>{bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]}),
      (std::array<std::uint8_t, 8>{0xA6, 0xAE, 0xF6, 0xF6, 0x1C, 0x19, 0x6D, 0xC9}));
}

TEST(RandomTest, TokensAreUrlSafeAndOfTheRightLength) {
  SystemRandom random;
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    tokens.insert(random.token());
  }
  EXPECT_EQ(tokens.size(), 100U);
  EXPECT_EQ(tokens.begin()->size(), 43U);
  EXPECT_EQ(random.token(0), "");
  EXPECT_EQ(random.token(1).size(), 2U);
}

TEST(RandomTest, BelowStaysBelowAndReachesEverything) {
  SeededRandom random{1};
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i) {
    seen.insert(random.below(7));
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(random.below(1), 0U);
  EXPECT_THROW(random.below(0), std::invalid_argument);
}

TEST(RandomTest, BelowDrawsAgainWhereTheRestWouldFavourSmallValues) {
  Words at_the_top{{UINT64_MAX, 8}};
  EXPECT_EQ(at_the_top.below(3), 2U) << "2^64 - 1 is a multiple of three: one value too many for 0";
  Words power_of_two{{UINT64_MAX}};
  EXPECT_EQ(power_of_two.below(4), 3U);
}

}  // namespace
}  // namespace oidc
