#include "flows/pkce.hpp"
#include "judges.hpp"

#include <gtest/gtest.h>

namespace authcore {
namespace {

using oidc::test::judges;

TEST(ProofKey, ChallengeIsThatOfRfc7636AppendixB) {
  judges({"AUTHZ-003"});
  EXPECT_EQ(s256_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(ProofKey, IsFreshAndAsLongAsAllowed) {
  judges({"AUTHZ-003"});
  oidc::SeededRandom random{1};
  const ProofKey first = make_proof_key(random);
  const ProofKey second = make_proof_key(random);
  EXPECT_EQ(first.verifier.size(), 128U);
  EXPECT_NE(first.verifier, second.verifier);
  EXPECT_EQ(first.challenge, s256_challenge(first.verifier));
}

}  // namespace
}  // namespace authcore
