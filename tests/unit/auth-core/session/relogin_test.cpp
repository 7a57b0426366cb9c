#include "session_fixture.hpp"

namespace authcore::test {
namespace {

using ReloginTest = SessionTest;

TEST_F(ReloginTest, LogsInAtTheFirstUseAndSaves) {
  judges({"RLG-003", "RLG-004", "RLG-005"});
  const auto session = relogin();
  client_.will_log_in(tokens("A0", 100));
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.login_count(), 1);
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(ReloginTest, PermitsNoPromptWhenItLogsIn) {
  judges({"RLG-002", "RA-012"});
  const auto session = relogin();
  client_.last_options.allow_open_browser = client_.last_options.allow_tty_prompt = true;
  client_.will_log_in(Error{Errc::kInteractionRequired, "a password is needed"});
  EXPECT_EQ(token_of(*session), "error interaction_required");
  EXPECT_FALSE(client_.last_options.allow_open_browser);
  EXPECT_FALSE(client_.last_options.allow_tty_prompt);
  EXPECT_EQ(events_.warnings(), 1U);
}

TEST_F(ReloginTest, LogsInAgainWhenDueWithoutARefreshToken) {
  judges({"RLG-001"});
  seed(credential_of(tokens("A0", 100)));
  const auto session = relogin();
  client_.will_log_in(tokens("A1", 100));
  clock_.advance(seconds{75});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(ReloginTest, PrefersTheRefreshToken) {
  judges({"RLG-001"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = relogin();
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(client_.login_count(), 0);
}

TEST_F(ReloginTest, LogsInWhenTheRefreshTokenIsRefused) {
  judges({"RLG-007", "W-22", "D-30"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = relogin();
  client_.will_refresh(invalid_grant());
  client_.will_log_in(tokens("A1", 100));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(ReloginTest, DoesNotLogInForAFailureThatMayPass) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = relogin();
  client_.will_refresh(server_error());
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.login_count(), 0);
}

TEST_F(ReloginTest, PacesFailingLogins) {
  const auto session = relogin();
  client_.will_log_in(server_error());
  client_.will_log_in(tokens("A0", 100));
  for (int call = 0; call < 5; ++call) {
    EXPECT_EQ(token_of(*session), "error server_error");
  }
  EXPECT_EQ(client_.login_count(), 1);
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A0");
}

TEST_F(ReloginTest, UsesATokenThatAnotherProcessObtained) {
  const auto session = relogin();
  client_.will_log_in(server_error());
  EXPECT_EQ(token_of(*session), "error server_error");
  seed(credential_of(tokens("A5", 100)));
  EXPECT_EQ(token_of(*session), "A5");
}

TEST_F(ReloginTest, TakesAbsenceFromExistsIfLoadFailsInItsOwnWay) {
  judges({"RLG-006", "W-16", "D-31"});
  storage_->fail("load", Errc::kUnknown);
  storage_->fail("version", Errc::kUnknown);
  const auto session = relogin();
  client_.will_log_in(tokens("A0", 100));
  EXPECT_EQ(token_of(*session), "A0");
}

TEST_F(ReloginTest, ReplacesACorruptObject) {
  storage_->put(kKey, {{"access_token", 5}});
  const auto session = relogin();
  client_.will_log_in(tokens("A0", 100));
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(events_.count("storage.corrupt"), 1U);
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(ReloginTest, LogsInAgainAfterTheStoredObjectWasRemoved) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = relogin();
  EXPECT_EQ(token_of(*session), "A0");
  storage_->drop(kKey);
  client_.will_log_in(tokens("A1", 100));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(ReloginTest, NeverLogsInForAClientThatNeedsAUser) {
  judges({"RLG-002"});
  const auto session = relogin();
  client_.is_unattended = false;
  EXPECT_EQ(token_of(*session), "error no_credential");
  EXPECT_EQ(client_.login_count(), 0);
}

}  // namespace
}  // namespace authcore::test
