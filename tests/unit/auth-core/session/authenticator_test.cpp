#include "session_fixture.hpp"

namespace authcore::test {
namespace {

using ::testing::HasSubstr;

/// What every authenticator of an OIDC client does with requests and with credentials it is given.
using AuthenticatorTest = SessionTest;

TEST_F(AuthenticatorTest, WritesThePrefixBeforeTheTokenIfThereIsOne) {
  judges({"RA-002"});
  EXPECT_EQ((Authorization{"Bearer", "t"}.header_value()), "Bearer t");
  EXPECT_EQ((Authorization{"api-key", "t"}.header_value()), "api-key t");
  EXPECT_EQ((Authorization{"", "t"}.header_value()), "t");
}

TEST_F(AuthenticatorTest, NamesTheApplicationForPlanetUnlessItNamesItself) {
  judges({"RA-005"});
  environment_.sender.planet_app = "tool-1.0";
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  oidc::HttpRequest request;
  ASSERT_THAT(session->authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("X-Planet-App"), "tool-1.0");
  EXPECT_EQ(session->authorization_instead_of({"Bearer", "other"}).value().planet_app, "tool-1.0");
  oidc::HttpRequest own;
  own.headers.set("x-planet-app", "mine-2.0");
  ASSERT_THAT(session->authenticate(own), IsOk());
  EXPECT_EQ(own.headers.get("X-Planet-App"), "mine-2.0");
  EXPECT_EQ(own.headers.count("X-Planet-App"), 1U);
}

TEST_F(AuthenticatorTest, AddsTheTokenAndNothingElse) {
  seed(credential_of(tokens("A0", 100, "R0")));
  oidc::HttpRequest request;
  ASSERT_THAT(refreshing()->authenticate(request), IsOk());
  EXPECT_EQ(request.headers, (oidc::Headers{{"Authorization", "Bearer A0"}}));
}

TEST_F(AuthenticatorTest, LeavesARequestAloneThatItCannotAuthenticate) {
  judges({"RA-001", "RA-012"});
  oidc::HttpRequest request;
  EXPECT_THAT(refreshing()->authenticate(request), FailsWith(Errc::kNoCredential));
  EXPECT_EQ(request.headers, oidc::Headers{});
  EXPECT_EQ(client_.login_count(), 0);
}

TEST_F(AuthenticatorTest, DecidesAnewForEachRequest) {
  judges({"RA-001", "RFR-001"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  client_.will_refresh(tokens("A1", 100, "R1"));
  oidc::HttpRequest request;
  ASSERT_THAT(session->authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer A0");
  clock_.advance(seconds{76});
  ASSERT_THAT(session->authenticate(request), IsOk());
  EXPECT_EQ(request.headers.get("Authorization"), "Bearer A1");
}

TEST_F(AuthenticatorTest, RenewsBeforeItHandsOutTheCredentialIfAsked) {
  judges({"RA-008", "RA-009"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  clock_.advance(seconds{76});
  EXPECT_EQ(session->credential(false)->value().access_token(), "A0");
  EXPECT_EQ(session->credential()->value().access_token(), "A0");
  EXPECT_THAT(client_.shown(), IsEmpty());
  client_.will_refresh(tokens("A1", 100, "R1"));
  EXPECT_EQ(session->credential(true)->value().access_token(), "A1");
  EXPECT_THAT(client_.shown(), ElementsAre("R0"));
  EXPECT_EQ(session->credential()->value().access_token(), "A1");
}

TEST_F(AuthenticatorTest, TellsWhyTheCredentialItIsAskedForCannotBeRenewed) {
  judges({"RA-009", "W-44"});
  EXPECT_FALSE(refreshing()->credential(true).value().has_value()) << "nobody logged in";
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  clock_.advance(seconds{76});
  client_.will_refresh(server_error());
  EXPECT_EQ(session->credential(true)->value().access_token(), "A0") << "it is still good";
  clock_.advance(hours{1});
  client_.will_refresh(server_error());
  EXPECT_THAT(session->credential(true), FailsWith(Errc::kServerError));
}

TEST_F(AuthenticatorTest, TakesCheckedDataAsNewerThanWhatIsStored) {
  judges({"RA-011", "RFR-017"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  ASSERT_THAT(session->update_credential_data(tokens("A5", 100, "R5")), IsOk());
  EXPECT_EQ(token_of(*session), "A5");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A5");
  EXPECT_EQ(storage_->stored(kKey).at("refresh_token"), "R5");
  EXPECT_THAT(client_.shown(), IsEmpty());
}

TEST_F(AuthenticatorTest, ChangesNothingForDataThatAreNoCredential) {
  judges({"RA-011"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  EXPECT_EQ(token_of(*session), "A0");
  for (const Json& bad : {Json::object(), Json::array(), Json(nullptr), Json{{"expires_in", 5}}}) {
    EXPECT_THAT(session->update_credential_data(bad), FailsWith(Errc::kInvalidArgument)) << bad;
  }
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(AuthenticatorTest, RefusesACredentialOfAnotherKind) {
  judges({"RA-010"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  const Json key = {{"key", "k"}};
  const auto legacy = Credential::from_json(CredentialKind::kPlanetLegacy, key, kStart).value();
  EXPECT_THAT(session->update_credential(legacy), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(session->accept_login(legacy), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(session->update_credential(Credential::none()), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(token_of(*session), "A0");
  EXPECT_EQ(storage_->stored(kKey).at("access_token"), "A0");
}

TEST_F(AuthenticatorTest, NeverAsksTheUserHoweverRefreshesFail) {
  judges({"RA-012", "FACT-014"});
  seed(credential_of(tokens("A0", 100, "R0")));
  const auto session = refreshing();
  for (const Error& error : {server_error(), reply_lost(), invalid_grant()}) {
    client_.will_refresh(error);
    clock_.advance(hours{1});
    EXPECT_NE(token_of(*session), "A0");
  }
  EXPECT_EQ(client_.login_count(), 0);
}

TEST_F(AuthenticatorTest, SendsAnOpaqueTokenAsLongAsItsSavedTimesSay) {
  judges({"D-09", "GUIDE-005"});
  Json saved = {{"access_token", "opaque"}, {"refresh_token", "R0"}};
  saved["_iat"] = oidc::epoch_seconds(kStart).count();
  saved["_exp"] = oidc::epoch_seconds(kStart).count() + 100;
  storage_->put(kKey, saved);
  const auto session = refreshing();
  clock_.advance(seconds{75});
  EXPECT_EQ(token_of(*session), "opaque");
  client_.will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{1});
  EXPECT_EQ(token_of(*session), "A1");
}

TEST_F(AuthenticatorTest, IsForbiddenToClientsThatCannotAuthenticate) {
  judges({"RA-013"});
  const auto forbidden = make_forbidden_authenticator("a validator sends no requests");
  oidc::HttpRequest request;
  EXPECT_THAT(forbidden->authenticate(request),
              FailsWith(Errc::kUnsupportedByClient, HasSubstr("a validator sends no requests")));
  EXPECT_EQ(request.headers, oidc::Headers{});
  EXPECT_FALSE(forbidden->is_initialized());
  EXPECT_FALSE(forbidden->credential().value().has_value());
  EXPECT_THAT(forbidden->update_credential(credential_of(tokens("A0", 100))), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(forbidden->update_credential_data(tokens("A0", 100)), FailsWith(Errc::kUnsupportedByClient));
  EXPECT_THAT(forbidden->forget(), IsOk());
}

}  // namespace
}  // namespace authcore::test
