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

  oidc::Result<std::unique_ptr<Auth>> started_with(const Json& data) {
    AuthOptions options{.location = {storage_, kKey}};
    options.initial_token_data = data;
    auto owned = std::make_unique<FakeClient>(clock_);
    owned->environment.emplace(environment_);
    return Auth::from_client(std::move(owned), std::move(options), environment_);
  }

  FakeClient* client = nullptr;
};

TEST_F(AuthTest, BuildsWithoutTouchingAnything) {
  judges({"AUTH-002"});
  const auto auth = context(false);
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
  EXPECT_EQ(auth->location().key, kKey);
  EXPECT_EQ(&auth->client(), client);
}

TEST_F(AuthTest, HandsBackWhatItWasBuiltWith) {
  judges({"AUTH-001"});
  AuthOptions options{.location = {storage_, kKey}};
  options.profile_name = "staging";
  auto owned = std::make_unique<FakeClient>(clock_);
  owned->environment.emplace(environment_);
  const AuthClient* given = owned.get();
  const auto auth = Auth::from_client(std::move(owned), options, environment_).value();
  EXPECT_EQ(&auth->client(), given);
  EXPECT_EQ(&auth->request_authenticator(), &auth->request_authenticator());
  EXPECT_EQ(auth->location().provider, storage_);
  EXPECT_EQ(auth->location().key, kKey);
  EXPECT_EQ(auth->profile_name(), "staging");
  EXPECT_EQ(auth->config_key(), "");
  EXPECT_EQ(context(false)->profile_name(), "");
}

TEST_F(AuthTest, StartsWithTheGivenCredentialInsteadOfTheStoredOne) {
  judges({"AUTH-005", "AUTH-004"});
  seed(credential_of(tokens("A-stored", 100, "R-stored")));
  const auto auth = started_with(tokens("A-given", 100, "R-given"));
  ASSERT_THAT(auth, IsOk());
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A-given") << "at once, before any request";
  EXPECT_EQ(token_of((*auth)->request_authenticator()), "A-given");
}

TEST_F(AuthTest, StartsWithoutTheGivenCredentialIfItIsEmpty) {
  judges({"AUTH-005", "AUTH-002"});
  seed(credential_of(tokens("A-stored", 100, "R-stored")));
  for (const Json& nothing : {Json(nullptr), Json::object()}) {
    const auto auth = started_with(nothing);
    ASSERT_THAT(auth, IsOk());
    EXPECT_THAT(storage_->take_operations(), IsEmpty());
    EXPECT_EQ(token_of((*auth)->request_authenticator()), "A-stored");
    storage_->take_operations();
  }
}

TEST_F(AuthTest, DoesNotStartWithWhatIsNoCredential) {
  judges({"AUTH-005"});
  seed(credential_of(tokens("A-stored", 100, "R-stored")));
  for (const Json& bad : {Json{{"expires_in", 5}}, Json::array({1}), Json("token"), Json{{"api_key", "k"}}}) {
    EXPECT_THAT(started_with(bad), FailsWith(Errc::kInvalidArgument)) << bad;
  }
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A-stored");
}

TEST_F(AuthTest, StartsWithAGivenCredentialThatCannotBeSaved) {
  judges({"W-02"});
  storage_->fail("save", Errc::kStorage);
  const auto auth = started_with(tokens("A-given", 100));
  ASSERT_THAT(auth, IsOk());
  EXPECT_EQ(token_of((*auth)->request_authenticator()), "A-given");
  EXPECT_EQ(events_.warnings(), 1U);
}

TEST_F(AuthTest, IsReadyWithAStoredCredentialHoweverOld) {
  judges({"AUTH-008", "AUTH-009", "AUTH-011", "RA-007"});
  seed(credential_of(tokens("A0", 1, "R0"), kStart - hours{1}));
  const auto auth = context(false);
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(storage_->take_operations(), ElementsAre("exists"));
}

TEST_F(AuthTest, IsReadyWithoutACredentialOnlyIfNobodyIsNeeded) {
  judges({"AUTH-008", "AUTH-011"});
  EXPECT_FALSE(context(false)->request_authenticator_is_ready());
  EXPECT_TRUE(context(true)->request_authenticator_is_ready());
}

TEST_F(AuthTest, IsReadyWithWhatIsConfigured) {
  judges({"AUTH-010"});
  const auto auth = context(false);
  client->is_configured = true;
  EXPECT_TRUE(auth->request_authenticator_is_ready());
}

TEST_F(AuthTest, Case1AHeldUnexpiredCredentialNeedsNothing) {
  judges({"AUTH-012", "AUTH-004"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(false);
  clock_.advance(seconds{99});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
  EXPECT_EQ(client->login_count(), 0);
}

TEST_F(AuthTest, Case1ARefreshTokenAloneCountsAsUnexpired) {
  judges({"AUTH-019"});
  seed(credential_of({{"refresh_token", "R0"}}));
  const auto auth = context(false);
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
  client->will_refresh(tokens("A1", 100));
  EXPECT_EQ(token_of(auth->request_authenticator()), "A1");
}

TEST_F(AuthTest, Case2AnUnattendedLoginWaitsForTheFirstRequest) {
  judges({"AUTH-013", "RLG-003"});
  const auto auth = context(true);
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(client->login_count(), 0);
  client->will_log_in(tokens("A0", 100));
  EXPECT_EQ(token_of(auth->request_authenticator()), "A0");
}

TEST_F(AuthTest, Case2ComesBeforeTheRefreshOfAnExpiredCredential) {
  judges({"AUTH-014", "D-06"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(true);
  clock_.advance(seconds{100});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_THAT(client->shown(), IsEmpty());
}

TEST_F(AuthTest, Case3AnExpiredCredentialIsRefreshedOnce) {
  judges({"AUTH-015", "AUTH-004"});
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
  judges({"AUTH-016"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto auth = context(false);
  client->will_refresh(invalid_grant());
  client->will_log_in(tokens("A5", 100, "R5"));
  clock_.advance(seconds{100});
  LoginOptions options;
  options.allow_tty_prompt = true;
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready(options), IsOk());
  EXPECT_TRUE(client->last_options.allow_tty_prompt);
  EXPECT_FALSE(client->last_options.allow_open_browser);
  EXPECT_EQ(events_.count("credential.not_renewed"), 1U);
  EXPECT_EQ(token_of(auth->request_authenticator()), "A5");
}

TEST_F(AuthTest, Case4LogsInAndPassesOnItsErrors) {
  judges({"AUTH-017"});
  const auto auth = context(false);
  client->will_log_in(Error{Errc::kInteractionRequired, "no browser was permitted"});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
  client->will_log_in(tokens("A0", 100, "R0"));
  LoginOptions options;
  options.allow_open_browser = true;
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready(options), IsOk());
  EXPECT_TRUE(client->last_options.allow_open_browser);
  EXPECT_FALSE(client->last_options.allow_tty_prompt);
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(AuthTest, TreatsACorruptObjectAsNoCredential) {
  judges({"AUTH-020", "D-07", "W-15"});
  storage_->put(kKey, {{"access_token", 5}});
  const auto auth = context(false);
  client->will_log_in(Error{Errc::kInteractionRequired, "no browser was permitted"});
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(events_.count("credential.unusable"), 1U);
  EXPECT_EQ(storage_->stored(kKey), (Json{{"access_token", 5}})) << "never deleted";
}

TEST_F(AuthTest, AnIdTokenAloneIsNoCredentialForRequests) {
  judges({"D-33"});
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
  judges({"AUTH-025", "W-02"});
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
  judges({"AUTH-024", "D-36"});
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
