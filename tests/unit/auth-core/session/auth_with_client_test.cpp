#include "client_session.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;

using AuthWithClient = test::ClientSession;

TEST_F(AuthWithClient, BuildsWithoutARequest) {
  judges({"AUTH-002", "AUTH-006", "FACT-013"});
  for (const char* type : {"oidc_auth_code", "oidc_device_code", "oidc_client_credentials_secret"}) {
    const auto auth = context(type);
    EXPECT_EQ(auth->client().type_name(), type);
    EXPECT_EQ(auth->client().credential_kind(), CredentialKind::kOidc);
    EXPECT_EQ(auth->client().can_login_unattended(), std::string{type} == "oidc_client_credentials_secret");
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, AsksOnceForATokenWhenAServiceSendsItsFirstRequest) {
  judges({"RLG-003", "AUTH-013", "FACT-013", "FACT-011"});
  const auto auth = context("oidc_client_credentials_secret");
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(1).get("grant_type"), "client_credentials");
  EXPECT_EQ(storage_->load("token.json").value().at("access_token"), "at-1");
}

TEST_F(AuthWithClient, FailsInsteadOfAskingAPersonWithoutPermission) {
  judges({"AUTH-018", "FACT-011", "FACT-013"});
  for (const char* type : {"oidc_auth_code", "oidc_device_code"}) {
    const auto auth = context(type);
    LoginOptions options;
    options.open_browser = [](const std::string&) -> oidc::Status {
      ADD_FAILURE() << "opened a browser";
      return oidc::Done{};
    };
    options.show = [](const std::string&) { ADD_FAILURE() << "showed something"; };
    EXPECT_THAT(auth->ensure_request_authenticator_is_ready(options), FailsWith(Errc::kInteractionRequired)) << type;
    EXPECT_THAT(auth->login(options), FailsWith(Errc::kInteractionRequired)) << type;
    EXPECT_EQ(token_of(*auth), "error no_credential");
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, TellsWhoIsLoggedInWithATokenThatIsGood) {
  judges({"OIDCC-5.3.2-SUB-MATCH"});
  Json stored = old_tokens();
  stored["id_token"] = oidc::test::make_token(oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}},
                                              {{"sub", "alice"}, {"iss", test::kServer}});
  store(stored);
  const auto auth = context("oidc_device_code");
  answer_metadata();
  answer_json(200, test::token_response());
  answer_json(200, {{"sub", "alice"}, {"name", "A"}});
  EXPECT_EQ(auth->userinfo().value().at("name"), "A");
  EXPECT_EQ(http_.request(2).headers.get("Authorization"), "Bearer at-1") << "renewed, for it was due";
  answer_json(200, {{"sub", "mallory"}, {"name", "M"}});
  EXPECT_THAT(auth->userinfo(), FailsWith(Errc::kBadClaim));
  EXPECT_EQ(token_of(*auth), "at-1") << "the login is as good as it was";
}

TEST_F(AuthWithClient, AsksNobodyWhoIsLoggedInIfNobodyIs) {
  EXPECT_THAT(context("oidc_device_code")->userinfo(), FailsWith(Errc::kNoCredential));
  for (const Json& config : {Json{{"client_type", "static_apikey"}, {"api_key", "k"}}, Json{{"client_type", "none"}}}) {
    EXPECT_THAT(Auth::from_config(config, {}, environment()).value()->userinfo(),
                FailsWith(Errc::kUnsupportedByClient));
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, RefreshesWithTheRefreshTokenAlone) {
  judges({"RFR-007", "RFR-001"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  answer_metadata();
  answer_json(200, test::token_response());
  oidc::HttpRequest request;
  ASSERT_THAT(auth->request_authenticator().authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer at-1");
  const oidc::Form form = http_.form(1);
  EXPECT_EQ(form.get("grant_type"), "refresh_token");
  EXPECT_EQ(form.get("refresh_token"), "rt-0");
  EXPECT_EQ(form.get("scope"), std::nullopt);
  EXPECT_EQ(form.get("audience"), std::nullopt);
}

TEST_F(AuthWithClient, SendsMoreParametersOfALogin) {
  judges({"AUTH-023"});
  const auto auth = context("oidc_client_credentials_secret");
  LoginOptions options;
  options.extra.add("tenant", "north");
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(auth->login(options), IsOk());
  EXPECT_EQ(http_.form(1).get("tenant"), "north");

  const auto device = context("oidc_device_code");
  answer_metadata();
  answer_json(200, {{"device_code", "d"}, {"user_code", "u"}, {"verification_uri", "https://v"}, {"expires_in", 60}});
  const auto started = device->device_login_initiate(options);
  ASSERT_THAT(started, IsOk());
  EXPECT_EQ(http_.form(3).get("tenant"), "north");
  EXPECT_EQ(started->response.at("device_code"), "d");
}

TEST_F(AuthWithClient, KeepsNothingThatOnlyTheClientObtained) {
  judges({"FACT-010"});
  const auto auth = context("oidc_client_credentials_secret");
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(auth->client().login({}), IsOk());
  EXPECT_FALSE(storage_->exists("token.json").value());
  answer_json(200, Json::object());
  EXPECT_THAT(auth->client().login({}), FailsWith(Errc::kMalformedResponse)) << "never an empty credential";
}

TEST_F(AuthWithClient, OfferAnAuthenticatorWithAndWithoutAPlace) {
  judges({"FACT-012", "AUTH-003"});
  const auto owned = client(config("oidc_device_code"));
  store({{"access_token", "at-stored"}});
  EXPECT_EQ(owned->default_request_authenticator({storage_, "token.json"}, {})->access_token().value(), "at-stored");
  const auto in_memory = owned->default_request_authenticator({}, {});
  EXPECT_THAT(in_memory->access_token(), FailsWith(Errc::kNoCredential));
  ASSERT_THAT(in_memory->update_credential_data({{"access_token", "at-given"}}), IsOk());
  EXPECT_EQ(in_memory->access_token().value(), "at-given");
  EXPECT_EQ(storage_->load("token.json").value().at("access_token"), "at-stored");
}

TEST_F(AuthWithClient, NeedsALoginAtEachStartIfItKeepsNothing) {
  judges({"GUIDE-001", "AUTH-003"});
  {
    const auto auth = context("oidc_device_code", "");
    ASSERT_THAT(auth->request_authenticator().update_credential_data(test::token_response()), IsOk());
    EXPECT_TRUE(auth->request_authenticator_is_ready());
  }
  const auto second = context("oidc_device_code", "");
  EXPECT_FALSE(second->request_authenticator_is_ready());
  EXPECT_THAT(second->ensure_request_authenticator_is_ready({}), FailsWith(Errc::kInteractionRequired));
}

TEST_F(AuthWithClient, NeedsNothingAtTheSecondStartIfItKeepsItsSession) {
  judges({"GUIDE-002", "AUTH-012"});
  ASSERT_THAT(context("oidc_device_code")->request_authenticator().update_credential_data(test::token_response()),
              IsOk());
  const auto second = context("oidc_device_code");
  EXPECT_TRUE(second->request_authenticator_is_ready());
  EXPECT_THAT(second->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(token_of(*second), "at-1");
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(AuthWithClient, AlwaysStoresTheNewestTokens) {
  judges({"GUIDE-003", "RFR-008", "AUTH-004"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  answer_metadata();
  for (int round = 1; round <= 3; ++round) {
    Json response = test::token_response();
    response["access_token"] = "at-" + std::to_string(round);
    response["refresh_token"] = "rt-" + std::to_string(round);
    answer_json(200, response);
    EXPECT_EQ(token_of(*auth), response["access_token"]);
    Json stored = storage_->load("token.json").value();
    EXPECT_EQ(stored.at("access_token"), response["access_token"]);
    EXPECT_EQ(stored.at("refresh_token"), response["refresh_token"]);
    clock_.advance(50min);
  }
}

TEST_F(AuthWithClient, AsksForARefreshTokenByScopeAndDoesWithoutOne) {
  judges({"GUIDE-004"});
  const auto auth = context("oidc_client_credentials_secret");
  answer_metadata();
  answer_json(200, test::token_response());
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(1).get("scope"), "planet offline_access");
  EXPECT_FALSE(auth->request_authenticator().credential().value()->refresh_token().has_value());
  answer_json(200, test::token_response());
  clock_.advance(59min);
  EXPECT_EQ(token_of(*auth), "at-1");
  EXPECT_EQ(http_.form(2).get("grant_type"), "client_credentials") << "there is nothing to refresh with";
}

TEST_F(AuthWithClient, ReadsTheExpiryOfATokenThatIsAJwt) {
  judges({"GUIDE-005"});
  const std::string jwt = oidc::test::make_token(oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}},
                                                 {{"iat", now_s()}, {"exp", now_s() + 1000}});
  store({{"access_token", jwt}, {"refresh_token", "rt-0"}});
  const auto auth = context("oidc_device_code");
  clock_.advance(750s);
  EXPECT_EQ(token_of(*auth), jwt);
  answer_metadata();
  answer_json(200, test::token_response());
  clock_.advance(1s);
  EXPECT_EQ(token_of(*auth), "at-1");
}

TEST_F(AuthWithClient, RevokesBothTokensWhenItLogsOut) {
  judges({"W-47"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  answer_metadata();
  http_.answer(oidc::HttpResponse{200, {}, ""});
  http_.answer(oidc::HttpResponse{200, {}, ""});
  ASSERT_THAT(auth->logout(), IsOk());
  EXPECT_EQ(http_.request(1).url, test::kServer + "/revoke");
  EXPECT_EQ(http_.form(1).get("token"), "rt-0");
  EXPECT_EQ(http_.form(2).get("token"), "at-0");
  EXPECT_FALSE(storage_->exists("token.json").value());
}

TEST_F(AuthWithClient, LogsOutOfAServerThatRevokesNothing) {
  judges({"W-47"});
  store(old_tokens());
  const auto auth = context("oidc_device_code");
  Json server = test::metadata();
  server.erase("revocation_endpoint");
  answer_json(200, server);
  ASSERT_THAT(auth->logout(), IsOk());
  EXPECT_FALSE(storage_->exists("token.json").value());
}

TEST_F(AuthWithClient, CanBeStoppedWhileItWaitsForAPerson) {
  judges({"W-52"});
  const auto auth = context("oidc_device_code");
  answer_metadata();
  answer_json(200,
              {{"device_code", "1234"}, {"user_code", "u"}, {"verification_uri", "https://v"}, {"expires_in", 600}});
  const auto started = auth->device_login_initiate({}).value();
  http_.answer_with([&](const oidc::HttpRequest&) {
    stop_.request_stop();
    Json pending;
    pending["error"] = "authorization_pending";
    return oidc::test::json_reply(400, pending);
  });
  EXPECT_THAT(auth->device_login_complete(started), FailsWith(Errc::kCancelled));
  EXPECT_FALSE(storage_->exists("token.json").value());
}

}  // namespace
}  // namespace authcore
