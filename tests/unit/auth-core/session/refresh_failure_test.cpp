#include "session_fixture.hpp"

namespace authcore::test {
namespace {

class RefreshFailureTest : public SessionTest {
 protected:
  RefreshFailureTest() { seed(credential_of(tokens("A0", 100, "R0"))); }
};

TEST_F(RefreshFailureTest, UsesTheOldTokenWhileItLastsAndTriesAgainEverMoreRarely) {
  judges({"RFR-009", "RFR-010", "W-08", "A-02"});
  const auto session = refreshing();
  for (int i = 0; i < 3; ++i) {
    client_.will_refresh(server_error());
  }
  client_.will_refresh(tokens("A1", 100, "R1"));

  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(milliseconds{999});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 1U);
  clock_.advance(milliseconds{1});  // 1 s
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 2U);
  clock_.advance(milliseconds{1999});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 2U);
  clock_.advance(milliseconds{1});  // 2 s
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 3U);
  clock_.advance(seconds{4});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(events_.count("token.refresh_failed"), 3U);
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
}

TEST_F(RefreshFailureTest, GivesTheReasonOnceTheTokenExpired) {
  judges({"RFR-009", "W-44", "A-02"});
  const auto session = refreshing();
  client_.will_refresh(server_error());
  client_.will_refresh(server_error());
  clock_.advance(seconds{99});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "error server_error");
  EXPECT_EQ(client_.shown().size(), 2U);
}

TEST_F(RefreshFailureTest, DoesNotAskAgainBeforeTheBackOffEvenWhenExpired) {
  const auto session = refreshing();
  client_.will_refresh(server_error());
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{200});
  for (int call = 0; call < 10; ++call) {
    EXPECT_EQ(token_of(*session), "error server_error");
  }
  EXPECT_EQ(client_.shown().size(), 1U);
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, WaitsAsLongAsTheServerAsked) {
  const auto session = refreshing();
  Error limited{Errc::kRateLimited, "429"};
  limited.retry_after = seconds{20};
  client_.will_refresh(limited);
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{20} - milliseconds{1});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 1U);
  clock_.advance(milliseconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, WaitsAtMostAnHourWhateverTheServerAsked) {
  const auto session = refreshing();
  Error limited{Errc::kRateLimited, "429"};
  limited.retry_after = milliseconds::max();
  client_.will_refresh(limited);
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error rate_limited");
  clock_.advance(hours{1} - seconds{1});
  EXPECT_EQ(token_of(*session), "error rate_limited");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, StartsANewSeriesAfterASuccess) {
  const auto session = refreshing();
  client_.will_refresh(server_error());
  client_.will_refresh(server_error());
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  token_of(*session);
  clock_.advance(seconds{1});
  token_of(*session);
  clock_.advance(seconds{2});
  EXPECT_EQ(token_of(*session), "A1");
  client_.will_refresh(server_error());
  client_.will_refresh(tokens("A2", 100, "R2"));
  clock_.advance(seconds{80});
  EXPECT_EQ(token_of(*session), "A1");
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A2");
}

TEST_F(RefreshFailureTest, NeverPresentsARefusedTokenAgain) {
  judges({"STOR-012"});
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0") << "the access token is still good";
  for (int call = 0; call < 10; ++call) {
    clock_.advance(minutes{1});
    EXPECT_EQ(token_of(*session), "error invalid_grant");
  }
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0") << "storage is never blanked";
}

TEST_F(RefreshFailureTest, RecoversFromARefusalByALoginElsewhere) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error invalid_grant");
  seed(credential_of(tokens("A7", 100, "R7"), clock_.now()));
  EXPECT_EQ(token_of(*session), "A7");
}

TEST_F(RefreshFailureTest, RecoversFromARefusalByALoginHere) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error invalid_grant");
  EXPECT_THAT(session->accept_login(credential_of(tokens("A7", 100, "R7"), clock_.now())), IsOk());
  EXPECT_EQ(token_of(*session), "A7");
}

TEST_F(RefreshFailureTest, TrustsARefusedTokenAgainWhenALoginReturnsIt) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  client_.will_refresh(tokens("A8", 100));
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error invalid_grant");
  session->accept_login(credential_of(tokens("A7", 100, "R0"), clock_.now())).value();
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A8");
}

TEST_F(RefreshFailureTest, StaysRefusedWhenTheSameTokenIsStoredAgain) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error invalid_grant");
  Json touched = credential_of(tokens("A0", 100, "R0")).json();
  touched["note"] = "touched";
  storage_->put(kKey, touched);
  EXPECT_EQ(token_of(*session), "error invalid_grant");
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
}

TEST_F(RefreshFailureTest, TriesTheTokenThatAnotherProcessStoredMeanwhile) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  client_.will_refresh(tokens("A2", 100, "R2"));
  client_.meanwhile = [&] {
    if (client_.shown().empty()) {
      seed(credential_of(tokens("A1", 10, "R1")));
    }
  };
  clock_.advance(seconds{80});
  EXPECT_EQ(token_of(*session), "A2");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R1"));
}

TEST_F(RefreshFailureTest, UsesTheFreshTokenThatAnotherProcessStoredMeanwhile) {
  const auto session = refreshing();
  client_.will_refresh(invalid_grant());
  clock_.advance(seconds{80});
  client_.meanwhile = [&] { seed(credential_of(tokens("A1", 100, "R1"), clock_.now())); };
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
}

TEST_F(RefreshFailureTest, PresentsATokenOnlyOnceMoreWhenAReplyWasLost) {
  const auto session = refreshing();
  client_.will_refresh(reply_lost());
  client_.will_refresh(reply_lost());
  clock_.advance(seconds{100});
  EXPECT_EQ(token_of(*session), "error network");
  EXPECT_EQ(token_of(*session), "error network");
  EXPECT_EQ(client_.shown().size(), 1U) << "not before the back-off";
  for (int call = 0; call < 10; ++call) {
    clock_.advance(minutes{2});
    EXPECT_EQ(token_of(*session), "error reauth_required");
  }
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R0"));
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0");
}

TEST_F(RefreshFailureTest, WaitsFiveSecondsAfterALostReply) {
  const auto session = refreshing();
  client_.will_refresh(reply_lost());
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{5} - milliseconds{1});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(client_.shown().size(), 1U);
  clock_.advance(milliseconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, KeepsAskingThroughALongOutage) {
  const auto session = refreshing();
  Error outage = server_error();
  outage.definite = false;  // a gateway cannot tell
  for (int i = 0; i < 5; ++i) {
    client_.will_refresh(outage);
  }
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{100});
  for (int call = 0; call < 5; ++call) {
    EXPECT_EQ(token_of(*session), "error server_error");
    clock_.advance(minutes{1});
  }
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, KeepsAskingWhileACaptivePortalAnswers) {
  const auto session = refreshing();
  Error page{Errc::kMalformedResponse, "the content type is not JSON"};
  page.http_status = 200;
  page.definite = false;
  for (int i = 0; i < 5; ++i) {
    client_.will_refresh(page);
  }
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{100});
  for (int call = 0; call < 5; ++call) {
    EXPECT_EQ(token_of(*session), "error malformed_response");
    clock_.advance(minutes{1});
  }
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(RefreshFailureTest, PresentsATokenOnlyOnceMoreWhenTheReplyWasNotToBeBelieved) {
  const auto session = refreshing();
  Error forged{Errc::kBadSignature, "the ID token's signature is wrong"};
  forged.definite = false;
  client_.will_refresh(forged);
  client_.will_refresh(forged);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0") << "the old credential stays";
  clock_.advance(seconds{24});
  EXPECT_EQ(token_of(*session), "error reauth_required");
  clock_.advance(minutes{10});
  EXPECT_EQ(token_of(*session), "error reauth_required");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R0"));
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0");
}

TEST_F(RefreshFailureTest, TakesBackWhatItKeptTooEarlyOnceThatIsPossible) {
  judges({"W-02"});
  const auto session = refreshing();
  Error forged{Errc::kBadSignature, "the ID token's signature is wrong"};
  forged.definite = false;
  client_.kept_at_once = tokens("A1", 100, "R1");
  client_.meanwhile = [&] { storage_->fail("save", Errc::kStorage); };
  client_.will_refresh(forged);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
  storage_->heal();
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0") << "nobody must load tokens that were proven wrong";
}

TEST_F(RefreshFailureTest, AsksRarelyWhenTheClientItselfIsRefused) {
  const auto session = refreshing();
  Error refused{Errc::kOAuthError, "the server refused the client"};
  refused.oauth_error = "invalid_client";
  client_.will_refresh(refused);
  clock_.advance(seconds{100});
  for (int call = 0; call < 9; ++call) {
    EXPECT_EQ(token_of(*session), "error oauth_error");
    clock_.advance(minutes{1});
  }
  EXPECT_EQ(client_.shown().size(), 1U);
}

TEST_F(RefreshFailureTest, UsesTokensThatCannotBeSavedAndSavesThemLater) {
  judges({"RFR-015", "W-02"});
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  storage_->fail("save", Errc::kStorage);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(events_.count("storage.save_failed"), 1U);
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R0");

  storage_->heal();
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
  storage_->take_operations();
  EXPECT_EQ(token_of(*session), "A1");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(RefreshFailureTest, RefreshesWithTheUnsavedToken) {
  const auto session = refreshing();
  storage_->fail("save", Errc::kStorage);
  client_.will_refresh(tokens("A1", 100, "R1"));
  client_.will_refresh(tokens("A2", 100, "R2"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A2");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R1"));
}

TEST_F(RefreshFailureTest, WarnsOnceAndWritesRarelyWhileStorageStaysReadOnly) {
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100'000, "R1"));
  storage_->fail("save", Errc::kStorage);
  clock_.advance(seconds{76});
  std::size_t saves = 0;
  for (int call = 0; call < 600; ++call) {
    EXPECT_EQ(token_of(*session), "A1");
    clock_.advance(seconds{1});
    for (const std::string& operation : storage_->take_operations()) {
      saves += operation == "save" ? 1 : 0;
    }
  }
  EXPECT_EQ(events_.warnings(), 1U);
  EXPECT_LT(saves, 20U);
  EXPECT_EQ(client_.shown().size(), 1U);
}

TEST_F(RefreshFailureTest, DoesNotOverwriteWhatIsNewerThanTheUnsaved) {
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  storage_->fail("save", Errc::kStorage);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  storage_->heal();
  clock_.advance(seconds{1});
  seed(credential_of(tokens("A9", 100, "R9"), clock_.now()));
  EXPECT_EQ(token_of(*session), "A9");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R9");
}

TEST_F(RefreshFailureTest, KeepsTheUnsavedTokenWhenStorageCannotTellVersions) {
  const auto session = refreshing();
  storage_->fail("version", Errc::kStorage);
  storage_->fail("save", Errc::kStorage);
  client_.will_refresh(tokens("A1", 100, "R1"));
  client_.will_refresh(tokens("A2", 100, "R2"));
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A1");
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A2");
  EXPECT_THAT(client_.shown(), ElementsAre("R0", "R1"));
}

TEST_F(RefreshFailureTest, SendsNothingWhileAnotherHolderKeepsTheLock) {
  const auto session = refreshing();
  storage_->fail("lock", Errc::kLocked);
  clock_.advance(seconds{76});
  EXPECT_EQ(token_of(*session), "A0");
  clock_.advance(seconds{24});
  EXPECT_EQ(token_of(*session), "error locked");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

}  // namespace
}  // namespace authcore::test
