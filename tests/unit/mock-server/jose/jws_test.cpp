#include "jose/jws.hpp"

#include <latch>
#include <thread>
#include <vector>

#include "../jwt_check.hpp"

namespace mockserver::test {
namespace {

SigningKeyPtr key_for(const std::string& alg) {
  const Algorithm& algorithm = *find_algorithm(alg);
  oidc::SeededRandom random{7};
  return algorithm.kty == "RSA" ? as_algorithm(rsa_test_key(0), algorithm) : derive_key(algorithm, random);
}

/// A key's prepared signer is shared: what one signature leaves behind must not reach another.
class JwsTest : public testing::TestWithParam<std::string> {};

TEST_P(JwsTest, SignsOneTokenAfterAnother) {
  const SigningKeyPtr key = key_for(GetParam());
  for (const char* subject : {"a", "b"}) {
    EXPECT_TRUE(verifies(sign_jwt(*key, kIdTyp, {{"sub", subject}}), oidc::to_json(key->jwk))) << subject;
  }
}

TEST_P(JwsTest, SignsInManyThreadsAtOnce) {
  const SigningKeyPtr key = key_for(GetParam());
  std::vector<std::string> jwts(32);
  {
    std::latch everybody{4};
    std::vector<std::jthread> threads;
    for (std::size_t first = 0; first < 4; ++first) {
      threads.emplace_back([&, first] {
        everybody.arrive_and_wait();
        for (std::size_t i = first; i < jwts.size(); i += 4) {
          jwts[i] = sign_jwt(*key, kIdTyp, {{"sub", std::to_string(i)}});
        }
      });
    }
  }
  for (std::size_t i = 0; i < jwts.size(); ++i) {
    EXPECT_EQ(jwt_part(jwts[i], 1), (oidc::Json{{"sub", std::to_string(i)}}));
    EXPECT_TRUE(verifies(jwts[i], oidc::to_json(key->jwk))) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, JwsTest, testing::ValuesIn(signing_algorithms()));

}  // namespace
}  // namespace mockserver::test
