#include "session_fixture.hpp"

namespace authcore::test {
namespace {

using RefreshingTest = SessionTest;

TEST_F(RefreshingTest, RefreshesOneSecondAfterThreeQuartersOfTheLifetime) {
  judges({"RFR-001", "RFR-002", "A-01"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));

  clock_.advance(seconds{75} + milliseconds{999});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(milliseconds{1});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
}

TEST_F(RefreshingTest, CountsTheLifetimeFromTheIssueTimeInStorage) {
  judges({"RFR-002", "RFR-004"});
  seed(credential_of(tokens("A0", 100, "R0")));
  clock_.advance(seconds{50});
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100));
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{25});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshingTest, NeverRefreshesATokenThatDoesNotExpire) {
  judges({"RFR-003", "D-09"});
  seed(credential_of({{"access_token", "A0"}, {"refresh_token", "R0"}}));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(hours{24 * 3650});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(RefreshingTest, RefreshesAtFirstUseWithoutAnAccessToken) {
  judges({"RFR-016"});
  seed(credential_of({{"refresh_token", "R0"}}));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100));
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
}

TEST_F(RefreshingTest, KeepsTheRefreshTokenThatAReplyLeavesOut) {
  judges({"RFR-013", "W-01", "A-03"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100));
  client_.will_refresh(tokens("A2", 100));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0");
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A2");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R0"));
}

TEST_F(RefreshingTest, UsesEachRotatedTokenOnce) {
  judges({"RFR-008", "GUIDE-003"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  for (int round = 1; round <= 5; ++round) {
    client_.will_refresh(tokens("A" + std::to_string(round), 100, "R" + std::to_string(round)));
    clock_.advance(seconds{80});
    EXPECT_EQ(token_of(*session), "A" + std::to_string(round));
    EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R" + std::to_string(round));
  }
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R1", "R2", "R3", "R4"));
}

TEST_F(RefreshingTest, TouchesStorageOnlyWhenItMust) {
  judges({"RFR-004", "RFR-005", "RFR-020"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  EXPECT_THAT(storage_->take_operations(), IsEmpty());

  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version", "load"));
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());

  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(storage_->take_operations(), ElementsAre("lock", "version", "version", "save", "version"));
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(RefreshingTest, ProbesStorageForReadinessWithoutReadingIt) {
  judges({"RA-007"});
  const auto session = refreshing();
  EXPECT_FALSE(session->is_initialized());
  seed(credential_of(tokens("A0", 1, "R0"), kStart - hours{1}));
  EXPECT_TRUE(session->is_initialized());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("exists", "exists"));
}

TEST_F(RefreshingTest, FailsWithoutACredentialAndLeavesNoTrace) {
  judges({"RFR-014", "RA-003"});
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "error no_credential");
  EXPECT_THAT(storage_->take_operations(), ElementsAre("version", "load"));
  EXPECT_THAT(session->credential(), IsOk());
  EXPECT_FALSE(session->credential()->has_value());
}

TEST_F(RefreshingTest, TakesWhatAnotherProcessStoredInsteadOfRefreshing) {
  judges({"RFR-005", "RA-008"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");

  clock_.advance(seconds{70});
  seed(credential_of(tokens("A1", 100, "R1"), clock_.now()));
  EXPECT_EQ(token_of(*session), "A0") << "nobody looks before the token is due (RFR-005)";
  clock_.advance(seconds{6});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), IsEmpty());
  EXPECT_EQ(events_.count("credential.reloaded"), 1U);
}

TEST_F(RefreshingTest, RefreshesWithTheNewestStoredRefreshToken) {
  judges({"RFR-006"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  seed(credential_of(tokens("A1", 10, "R1")));
  client_.will_refresh(tokens("A2", 100, "R2"));
  clock_.advance(seconds{80});
  EXPECT_EQ(token_of(*session), "A2");
  EXPECT_THAT(client_.shown(), ElementsAre("R1"));
}

TEST_F(RefreshingTest, EndsTheSessionWhenTheStoredObjectIsRemoved) {
  judges({"RFR-012", "W-20", "A-17"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  storage_->drop(kKey);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "error no_credential");
  EXPECT_THAT(client_.shown(), IsEmpty());
  EXPECT_FALSE(session->is_initialized());
  EXPECT_EQ(events_.count("session.ended"), 1U);
}

TEST_F(RefreshingTest, DoesNotWriteBackWhatWasRemovedDuringTheRefresh) {
  judges({"RFR-012", "W-20", "A-17"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  client_.meanwhile = [&] { storage_->drop(kKey); };
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "error no_credential");
  EXPECT_FALSE(session->is_initialized());
}

TEST_F(RefreshingTest, ReportsACorruptObjectAndLeavesItAlone) {
  storage_->put(kKey, {{"access_token", 5}});
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "error corrupt_storage");
  EXPECT_THAT(session->credential(), FailsWith(Errc::kCorruptStorage));
  EXPECT_EQ(storage_->stored(kKey), (Json{{"access_token", 5}}));
}

TEST_F(RefreshingTest, GoesOnFromMemoryWhenTheStoredObjectBecomesCorrupt) {
  judges({"RFR-011"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  storage_->put(kKey, {{"access_token", 5}});
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A1");
}

TEST_F(RefreshingTest, SendsNoRequestWithoutARefreshToken) {
  judges({"RFR-014", "W-21"});
  seed(credential_of(tokens("A0", 100)));
  const auto session = refreshing();
  clock_.advance(seconds{99});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "error no_credential");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(RefreshingTest, NoticesALoginElsewhereAfterTheTokenExpired) {
  judges({"RA-008"});
  seed(credential_of(tokens("A0", 100)));
  const auto session = refreshing();
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error no_credential");
  seed(credential_of(tokens("A1", 100, "R1"), clock_.now()));
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshingTest, UsesAnUpdatedCredentialAtOnceAndSavesIt) {
  judges({"RFR-017", "RA-010"});
  const auto session = refreshing();
  EXPECT_THAT(session->update_credential(credential_of(tokens("A5", 100, "R5"))), IsOk());
  EXPECT_EQ(token_of(*session), "A5");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A5");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(RefreshingTest, StoresNothingWithoutAKey) {
  judges({"AUTH-003"});
  const auto session = make_refreshing_authenticator(client_, environment_, {storage_, ""});
  EXPECT_THAT(session->update_credential(credential_of(tokens("A0", 100, "R0"))), IsOk());
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(RefreshingTest, PutsTheTokenIntoARequest) {
  judges({"RA-001", "RA-002", "RA-004", "A-24"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  oidc::HttpRequest request;
  request.headers.add("authorization", "Basic old");
  ASSERT_THAT(session->authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer A0");
  EXPECT_EQ(request.headers.count("Authorization"), 1U);
}

TEST_F(RefreshingTest, LogsNoToken) {
  seed(credential_of(tokens("access-token-zero", 100, "refresh-token-zero")));
  const auto session = refreshing();
  client_.will_refresh(tokens("access-token-one", 100, "refresh-token-one"));
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{76});
  token_of(*session);
  clock_.advance(seconds{76});
  token_of(*session);
  EXPECT_EQ(events_.count("token.refreshed"), 1U);
  EXPECT_EQ(events_.count("token.refresh_refused"), 1U);
  EXPECT_THAT(events_.text(), ::testing::Not(::testing::HasSubstr("-token-")));
}

}  // namespace
}  // namespace authcore::test
