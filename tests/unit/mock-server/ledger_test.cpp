#include "mockserver/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mockserver {
namespace {

class LedgerTest : public testing::Test {
 protected:
  std::string record(const char* kind, const std::string& value, const char* parent = "") {
    return ledger_.record(kind, value, parent, oidc::TimePoint{});
  }
  Ledger ledger_;
};

TEST_F(LedgerTest, CountsEachKindAndRemembersTheParent) {
  EXPECT_EQ(record("at", "A1"), "at#1");
  EXPECT_EQ(record("rt", "R1"), "rt#1");
  EXPECT_EQ(record("rt", "R2", "rt#1"), "rt#2");
  EXPECT_EQ(ledger_.entries().back().parent, "rt#1");
  EXPECT_EQ(ledger_.name_of("R2"), "rt#2");
  EXPECT_EQ(ledger_.value_of("at#1"), "A1");
  EXPECT_EQ(ledger_.name_of("unknown"), std::nullopt);
}

TEST_F(LedgerTest, TellsTheNewestOfAKind) {
  EXPECT_EQ(ledger_.newest("at"), "");
  record("at", "A1");
  record("at", "A2");
  record("rt", "R1");
  EXPECT_EQ(ledger_.newest("at"), "at#2");
  ledger_.forget("at#2");
  EXPECT_EQ(ledger_.newest("at"), "at#1");
}

TEST_F(LedgerTest, AValueKeepsItsName) {
  record("rt", "R1");
  EXPECT_EQ(record("rt", "R1"), "rt#1");
  EXPECT_EQ(ledger_.entries().size(), 1U);
}

TEST_F(LedgerTest, AForgottenNameIsNeverGivenAgain) {
  record("at", "A1");
  record("at", "A 2");
  record("at", "A3");
  ledger_.forget("at#1");
  ledger_.forget("at#2");
  ledger_.forget("at#9");
  EXPECT_EQ(ledger_.name_of("A1"), std::nullopt);
  EXPECT_EQ(ledger_.value_of("at#1"), std::nullopt);
  EXPECT_EQ(ledger_.redact("A1, A 2, A3"), "A1, A 2, at#3");
  EXPECT_EQ(record("at", "A1"), "at#4");
  EXPECT_EQ(ledger_.entries().size(), 2U);
}

TEST_F(LedgerTest, ForgetsByValueToo) {
  record("at", "A1");
  ledger_.forget("A1");
  EXPECT_EQ(ledger_.value_of("at#1"), std::nullopt);
}

TEST_F(LedgerTest, KeepsTheLatestAndTheClientsSecrets) {
  record("secret", "client secret");
  for (std::size_t i = 0; i < Ledger::kMostEntries + 10; ++i) {
    record("at", "A" + std::to_string(i));
  }
  EXPECT_LE(ledger_.entries().size(), Ledger::kMostEntries);
  EXPECT_EQ(ledger_.name_of("client secret"), "secret#1");
  EXPECT_EQ(ledger_.name_of("A0"), std::nullopt);
  EXPECT_EQ(ledger_.name_of("A50009"), "at#50010");
}

TEST_F(LedgerTest, LongValuesAreFewer) {
  for (std::size_t i = 0; i < 40; ++i) {
    record("id", std::to_string(i) + std::string(1U << 20U, ' '));
  }
  EXPECT_LE(ledger_.entries().size(), 32U);
  EXPECT_EQ(ledger_.newest("id"), "id#40");
  ledger_.restore(ledger_.snapshot());
  record("id", std::string(1U << 20U, ' '));
  EXPECT_GE(ledger_.entries().size(), 28U) << "what is restored is counted once";
}

TEST_F(LedgerTest, RedactsWhatItKnowsAndNothingElse) {
  record("at", "tok-en_1");
  record("secret", "s3cr3t:/%\xc3\xa9+");
  EXPECT_EQ(ledger_.redact(R"({"access_token":"tok-en_1","x":"tok-en_12"})"),
            R"({"access_token":"at#1","x":"tok-en_12"})");
  EXPECT_EQ(ledger_.redact("It was tok-en_1."), "It was at#1.");
  EXPECT_EQ(ledger_.redact("secret=s3cr3t:/%\xc3\xa9+;"), "secret=secret#1;");
}

TEST_F(LedgerTest, ASecretGluedToOtherCharactersIsFound) {
  const std::string secret = "Zm9vYmFyYmF6cXV4Zm9v";
  record("rt", secret);
  EXPECT_EQ(ledger_.redact("X: pre_" + secret + "post, " + secret + secret), "X: pre_rt#1post, rt#1rt#1");
}

TEST_F(LedgerTest, AWordThatIsTooLongToSearchIsFingerprinted) {
  const std::string secret = "Zm9vYmFyYmF6cXV4Zm9v";
  record("rt", secret);
  const std::string redacted = ledger_.redact(std::string(5000, 'x') + secret);
  EXPECT_THAT(redacted, testing::StartsWith("fp:"));
  EXPECT_THAT(redacted, testing::Not(testing::HasSubstr(secret)));
}

TEST_F(LedgerTest, UnknownJwtsAreFingerprinted) {
  const std::string jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln";
  EXPECT_THAT(ledger_.redact("Bearer " + jwt), testing::MatchesRegex("Bearer jwt:[0-9a-f]{8}"));
  EXPECT_EQ(ledger_.redact("1.2.3"), "1.2.3");
}

}  // namespace
}  // namespace mockserver
