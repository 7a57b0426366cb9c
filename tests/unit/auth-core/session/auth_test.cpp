#include "authcore/auth.hpp"

#include "session_fixture.hpp"

namespace authcore::test {
namespace {

class AuthTest : public SessionTest {
 protected:
  /// The context owns its client; the test looks at it through `client`.
  std::unique_ptr<Auth> context(bool is_unattended) {
    auto owned = std::make_unique<FakeClient>(clock_);
    owned->is_unattended = is_unattended;
    owned->environment.emplace(environment_);
    client = owned.get();
    return Auth::from_client(std::move(owned), {.location = {storage_, kKey}}, environment_).value();
  }

  FakeClient* client = nullptr;
};

TEST_F(AuthTest, BuildsWithoutTouchingAnything) {
  const auto auth = context(false);
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
  EXPECT_EQ(auth->location().key, kKey);
  EXPECT_EQ(&auth->client(), client);
}

TEST_F(AuthTest, IsReadyWithAStoredCredentialHoweverOld) {
  seed(credential_of(tokens("A0", 1, "R0"), kStart - hours{1}));
  const auto auth = context(false);
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("exists"));
}

TEST_F(AuthTest, IsReadyWithoutACredentialOnlyIfNobodyIsNeeded) {
  EXPECT_FALSE(context(false)->request_authenticator_is_ready());
  EXPECT_TRUE(context(true)->request_authenticator_is_ready());
}

TEST_F(AuthTest, Case1AHeldUnexpiredCredentialNeedsNothing) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(false);
  clock_.advance(seconds{99});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
  EXPECT_EQ(client->login_count(), 0);
}

TEST_F(AuthTest, Case1ARefreshTokenAloneCountsAsUnexpired) {
  seed(credential_of({{"refresh_token", "R0"}}));
  const auto auth = context(false);
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
  client->will_refresh(tokens("A1", 100));
  EXPECT_EQ(token_of(auth->request_authenticator()), "A1");
}

TEST_F(AuthTest, Case2AnUnattendedLoginWaitsForTheFirstRequest) {
  const auto auth = context(true);
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(client->login_count(), 0);
  client->will_log_in(tokens("A0", 100));
  EXPECT_EQ(token_of(auth->request_authenticator()), "A0");
}

TEST_F(AuthTest, Case2ComesBeforeTheRefreshOfAnExpiredCredential) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(true);
  clock_.advance(seconds{100});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
}

TEST_F(AuthTest, Case3AnExpiredCredentialIsRefreshedOnce) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(false);
  client->will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{100});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), ElementsAre("R0"));
  EXPECT_EQ(client->login_count(), 0);
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A1");
  EXPECT_EQ(token_of(auth->request_authenticator()), "A1");
}

TEST_F(AuthTest, Case3GoesOnToALoginWhenTheRefreshFails) {
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(false);
  client->will_refresh(invalid_grant());
  client->will_log_in(tokens("A5", 100, "R5"));
  clock_.advance(seconds{100});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(events_.count("credential.not_renewed"), 1U);
  EXPECT_EQ(token_of(auth->request_authenticator()), "A5");
}

TEST_F(AuthTest, Case4LogsInAndPassesOnItsErrors) {
  const auto auth = context(false);
  client->will_log_in(Error{Errc::kInteractionRequired, "no browser was permitted"});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
  client->will_log_in(tokens("A0", 100, "R0"));
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(AuthTest, TreatsACorruptObjectAsNoCredential) {
  storage_->put(kKey, {{"access_token", 5}});
  const auto auth = context(false);
  client->will_log_in(Error{Errc::kInteractionRequired, "no browser was permitted"});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(events_.count("credential.unusable"), 1U);
  EXPECT_EQ(storage_->stored(kKey), (Json{{"access_token", 5}})) << "never deleted";
}

TEST_F(AuthTest, AnIdTokenAloneIsNoCredentialForRequests) {
  seed(credential_of({{"id_token", "I0"}}));
  const auto auth = context(false);
  client->will_log_in(tokens("A0", 100));
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(client->login_count(), 1);
}

TEST_F(AuthTest, DoesNotPromptWhenStorageCannotBeRead) {
  seed(credential_of(tokens("A0", 100, "R0")));
  storage_->fail("load", Errc::kStorage);
  const auto auth = context(false);
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kStorage));
  EXPECT_EQ(client->login_count(), 0);
}

TEST_F(AuthTest, UsesTheTokensOfALoginThatCannotBeSaved) {
  const auto auth = context(false);
  client->will_log_in(tokens("A0", 100, "R0"));
  storage_->fail("save", Errc::kStorage);
  ASSERT_THAT(auth->login({}), IsOk());
  EXPECT_EQ(token_of(auth->request_authenticator()), "A0");
  EXPECT_EQ(events_.warnings(), 1U);
  storage_->heal();
  clock_.advance(seconds{5});
  EXPECT_EQ(token_of(auth->request_authenticator()), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(AuthTest, ADeviceLoginHasTheEffectsOfALogin) {
  const auto auth = context(false);
  const auto device = auth->device_login_initiate({});
  ASSERT_THAT(device, IsOk());
  client->will_log_in(tokens("A0", 100, "R0"));
  ASSERT_THAT(auth->device_login_complete(*device), IsOk());
  EXPECT_EQ(token_of(auth->request_authenticator()), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

}  // namespace
}  // namespace authcore::test
