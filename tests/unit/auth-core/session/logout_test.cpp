#include "authcore/auth.hpp"
#include "session_fixture.hpp"

namespace authcore::test {
namespace {

/// What ends a session, and what another context sees of it.
class LogoutTest : public SessionTest {
 protected:
  struct Context {
    FakeClient* client;
    std::unique_ptr<Auth> auth;
  };
  Context context(bool is_unattended = false) {
    auto owned = std::make_unique<FakeClient>(clock_);
    owned->is_unattended = is_unattended;
    owned->environment.emplace(environment_);
    owned->revocation = oidc::Status{oidc::Done{}};
    FakeClient* client = owned.get();
    return {client, Auth::from_client(std::move(owned), {.location = {storage_, kKey}}, environment_).value()};
  }
  static std::string token_at(Context& context) { return token_of(context.auth->request_authenticator()); }
};

TEST_F(LogoutTest, RevokesRemovesAndForgets) {
  judges({"W-47"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  EXPECT_EQ(token_at(here), "A0");
  ASSERT_THAT(here.auth->logout(), IsOk());
  EXPECT_THAT(here.client->revoked, ElementsAre("refresh R0", "access A0"));
  EXPECT_FALSE(storage_->holds(kKey));
  EXPECT_EQ(token_at(here), "error no_credential");
  EXPECT_FALSE(here.auth->request_authenticator_is_ready());
}

TEST_F(LogoutTest, RevokesNothingIfNotAsked) {
  judges({"W-47"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  ASSERT_THAT(here.auth->logout({.revoke = false}), IsOk());
  EXPECT_THAT(here.client->revoked, IsEmpty());
  EXPECT_FALSE(storage_->holds(kKey));
}

TEST_F(LogoutTest, IsNotStoppedByARevocationThatFails) {
  judges({"W-47"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  here.client->revocation = oidc::Status{server_error()};
  EXPECT_THAT(here.auth->logout(), FailsWith(Errc::kServerError));
  EXPECT_THAT(here.client->revoked, ElementsAre("refresh R0", "access A0"));
  EXPECT_FALSE(storage_->holds(kKey));
  EXPECT_EQ(token_at(here), "error no_credential");
  EXPECT_EQ(events_.count("logout.not_revoked"), 2U);
}

TEST_F(LogoutTest, NeedsNoRevocationWhereThereIsNone) {
  judges({"W-47"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  here.client->revocation.reset();
  EXPECT_THAT(here.auth->logout(), IsOk());
  EXPECT_FALSE(storage_->holds(kKey));
}

TEST_F(LogoutTest, TellsFirstOfAllThatTheStoredCredentialMayStillBeThere) {
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  here.client->revocation = oidc::Status{server_error()};
  storage_->fail("remove", Errc::kStorage);
  EXPECT_THAT(here.auth->logout(), FailsWith(Errc::kStorage));
}

TEST_F(LogoutTest, RevokesWhatAnotherProcessRenewed) {
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  EXPECT_EQ(token_at(here), "A0");
  clock_.advance(seconds{10});
  seed(credential_of(tokens("A1", 100, "R1"), clock_.now()));
  ASSERT_THAT(here.auth->logout(), IsOk());
  EXPECT_THAT(here.client->revoked, ElementsAre("refresh R1", "access A1"));
}

TEST_F(LogoutTest, OfACorruptSessionRemovesIt) {
  storage_->put(kKey, {{"access_token", 5}});
  auto here = context();
  ASSERT_THAT(here.auth->logout(), IsOk());
  EXPECT_FALSE(storage_->holds(kKey));
}

TEST_F(LogoutTest, WithoutASessionDoesNothing) {
  auto here = context();
  EXPECT_THAT(here.auth->logout(), IsOk());
  EXPECT_THAT(here.client->revoked, IsEmpty());
}

TEST_F(LogoutTest, WaitsForTheRefreshOfAnotherProcess) {
  judges({"W-20", "A-17"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  storage_->take_operations();
  ASSERT_THAT(here.auth->logout({.revoke = false}), IsOk());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("lock", "remove"));
}

TEST_F(LogoutTest, EndsTheSessionOfOtherContextsOnceTheyLook) {
  judges({"W-20", "A-17"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  auto there = context();
  EXPECT_EQ(token_at(there), "A0");
  ASSERT_THAT(here.auth->logout(), IsOk());
  clock_.advance(seconds{76});
  EXPECT_EQ(token_at(there), "error no_credential");
  EXPECT_THAT(there.client->shown(), IsEmpty());
  EXPECT_FALSE(storage_->holds(kKey));
}

TEST_F(LogoutTest, IsOverWithTheNextLoginAnywhere) {
  judges({"AUTH-004", "RA-008"});
  auto here = context();
  auto there = context();
  EXPECT_EQ(token_at(there), "error no_credential");
  here.client->will_log_in(tokens("A0", 100, "R0"));
  ASSERT_THAT(here.auth->login({}), IsOk());
  EXPECT_TRUE(there.auth->request_authenticator_is_ready());
  EXPECT_THAT(there.auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(token_at(there), "A0");
  EXPECT_EQ(there.client->login_count(), 0);
}

TEST_F(LogoutTest, EndsNoLoginThatCameAfterIt) {
  judges({"AUTH-025", "W-02"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  EXPECT_EQ(token_at(here), "A0");
  storage_->drop(kKey);
  storage_->fail("save", Errc::kStorage);
  here.client->will_log_in(tokens("A1", 100, "R1"));
  ASSERT_THAT(here.auth->login({}), IsOk());
  EXPECT_EQ(token_at(here), "A1") << "the object was gone before, which says nothing of this login";
  storage_->heal();
  clock_.advance(seconds{1});
  EXPECT_EQ(token_at(here), "A1");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R1");
}

TEST_F(LogoutTest, OfARefusedSessionIsOverWithALoginElsewhere) {
  judges({"RA-008"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  auto there = context();
  there.client->will_refresh(invalid_grant());
  clock_.advance(seconds{100});
  EXPECT_EQ(token_at(there), "error invalid_grant");
  here.client->will_log_in(tokens("A1", 100, "R1"));
  ASSERT_THAT(here.auth->login({}), IsOk());
  EXPECT_EQ(token_at(there), "A1");
}

/// A login must yield what its context can use (AUTH-022, D-36).
class OddLogin : public LogoutTest {
 protected:
  void expect_refused(const Credential& odd, Errc expected) {
    auto here = context();
    here.client->odd_login = odd;
    EXPECT_THAT(here.auth->login({}), FailsWith(expected));
    EXPECT_THAT(here.auth->device_login_complete({}), FailsWith(expected));
    EXPECT_THAT(here.auth->ensure_request_authenticator_is_ready({}), FailsWith(expected));
    EXPECT_FALSE(storage_->holds(kKey));
    EXPECT_FALSE(here.auth->request_authenticator_is_ready());
  }
};

TEST_F(OddLogin, OfAnotherKindIsRefused) {
  judges({"AUTH-022", "D-36"});
  const Json key = {{"api_key", "k"}, {"bearer_token_prefix", "Bearer"}};
  expect_refused(Credential::from_json(CredentialKind::kApiKey, key, kStart).value(), Errc::kInvalidArgument);
  expect_refused(Credential::none(), Errc::kInvalidArgument);
}

TEST_F(OddLogin, ThatYieldsNothingToSendIsRefused) {
  judges({"AUTH-022", "D-36", "FACT-010"});
  expect_refused(credential_of({{"id_token", "I0"}}), Errc::kMalformedResponse);
}

TEST_F(OddLogin, LeavesWhatWasThere) {
  judges({"AUTH-022"});
  seed(credential_of(tokens("A0", 100, "R0")));
  auto here = context();
  here.client->odd_login = Credential::none();
  EXPECT_THAT(here.auth->login({}), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(token_at(here), "A0");
}

}  // namespace
}  // namespace authcore::test
