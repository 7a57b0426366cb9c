#include "client_world.hpp"
#include "judges.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::make_token;
using oidc::test::SigningKey;
using testing::HasSubstr;

/// A client's local validation: what it asks the server for, and when.
class TokenChecksTest : public test::ClientWorld {
 protected:
  static Json config(const Json& changes = Json::object()) {
    Json json{{"client_type", "oidc_device_code"}, {"auth_server", test::kServer}, {"client_id", "id"}};
    json["audiences"] = Json::array({"api"});
    json.update(changes);
    return json;
  }
  static Json claims(const std::string& audience) {
    Json payload{{"iss", test::kServer}, {"sub", "alice"}, {"aud", audience}};
    payload["exp"] = oidc::epoch_seconds(test::kStart).count() + 60;
    payload["iat"] = oidc::epoch_seconds(test::kStart).count();
    return payload;
  }
  std::string token(const std::string& alg, const Json& changes = Json::object(), const Json& header = Json::object()) {
    Json payload = claims("api");
    payload["scope"] = "planet";
    payload.update(changes);
    Json full_header{{"alg", alg}, {"kid", alg}};
    full_header.update(header);
    return make_token(alg == "ES256" ? SigningKey::p256() : SigningKey::rsa(), alg, full_header, payload);
  }
  void answer_keys() {
    answer_json(200, {{"keys", {SigningKey::p256().jwk("ES256"), SigningKey::rsa().jwk("RS256")}}});
  }
  void answer_metadata_and_keys() {
    answer_metadata();
    answer_keys();
  }
};

TEST_F(TokenChecksTest, FetchesMetadataAndKeysOnce) {
  judges({"TV-021", "TV-023", "IDT-002"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  const auto claims = under_test->validate_access_token_local(token("RS256"), {.scopes_anyof = {"planet"}});
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->at("sub"), "alice");
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256"), {.scopes_anyof = {"other"}}),
              FailsWith(Errc::kScopeNotGranted));
  const auto id_claims = under_test->validate_id_token_local(token("ES256", {{"aud", "id"}}));
  ASSERT_THAT(id_claims, IsOk());
  EXPECT_EQ(id_claims->at("aud"), "id");
  ASSERT_EQ(http_.count(), 2U);
  EXPECT_EQ(http_.request(0).url, test::kServer + "/.well-known/openid-configuration");
  EXPECT_EQ(http_.request(1).url, test::kServer + "/jwks");
}

TEST_F(TokenChecksTest, AsksForNoMetadataIfIssuerAndKeysAreConfigured) {
  judges({"TV-023"});
  answer_keys();
  const auto under_test =
      client(config({{"issuer", "https://other.test"}, {"jwks_endpoint", test::kServer + "/elsewhere"}}));
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", {{"iss", "https://other.test"}}), {}), IsOk());
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256"), {}), FailsWith(Errc::kBadIssuer));
  ASSERT_EQ(http_.count(), 1U);
  EXPECT_EQ(http_.request(0).url, test::kServer + "/elsewhere");
}

TEST_F(TokenChecksTest, AsksNobodyAboutWhatIsNoToken) {
  judges({"TV-019", "TV-026"});
  const auto under_test = client(config());
  const std::string good = token("RS256");
  for (const std::string& garbage :
       {std::string{"opaque"}, std::string{"not.a.jwt"}, good + ".more", good.substr(0, good.rfind('.')), "!" + good}) {
    EXPECT_THAT(under_test->validate_access_token_local(garbage, {}), FailsWith(Errc::kMalformedToken));
    EXPECT_THAT(under_test->validate_id_token_local(garbage), FailsWith(Errc::kMalformedToken));
  }
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(TokenChecksTest, AsksNobodyAboutAnAlgorithmThatIsNotTrusted) {
  judges({"TV-003"});
  EXPECT_THAT(client(config())->validate_access_token_local(token("RS512"), {}), FailsWith(Errc::kAlgorithmNotAllowed));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(TokenChecksTest, TrustsRs256ForAccessTokensUnlessConfigured) {
  judges({"TV-002"});
  EXPECT_THAT(client(config())->validate_access_token_local(token("ES256"), {}), FailsWith(Errc::kAlgorithmNotAllowed));
  const auto configured = client(config({{"access_token_signing_algs", Json::array({"ES256"})}}));
  answer_metadata_and_keys();
  EXPECT_THAT(configured->validate_access_token_local(token("ES256"), {}), IsOk());
  EXPECT_THAT(configured->validate_access_token_local(token("RS256"), {}), FailsWith(Errc::kAlgorithmNotAllowed));
}

TEST_F(TokenChecksTest, TakesTheAudienceOfTheCallBeforeTheConfiguredOne) {
  judges({"TV-022"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256"), {.audience = "other"}),
              FailsWith(Errc::kBadAudience));
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", {{"aud", "other"}}), {.audience = "other"}),
              IsOk());
}

TEST_F(TokenChecksTest, NeedsAnAudienceBeforeItLooksAtTheToken) {
  judges({"TV-022"});
  const auto under_test = client(config({{"audiences", nullptr}}));
  for (const std::string& any : {token("RS256"), std::string{"garbage"}}) {
    EXPECT_THAT(under_test->validate_access_token_local(any, {}), FailsWith(Errc::kConfig, HasSubstr("audiences")));
  }
}

TEST_F(TokenChecksTest, ChecksAnIdTokenThatNamesNoKeyWithTheOnlyOneOfItsKind) {
  answer_metadata_and_keys();
  const auto under_test = client(config());
  for (const char* alg : {"RS256", "ES256"}) {
    const std::string nameless = make_token(alg == std::string{"ES256"} ? SigningKey::p256() : SigningKey::rsa(), alg,
                                            {{"alg", alg}}, claims("id"));
    EXPECT_THAT(under_test->validate_id_token_local(nameless), IsOk()) << alg;
  }
}

TEST_F(TokenChecksTest, AsksNobodyAboutAnAccessTokenThatNamesNoKeyUnlessThatIsPermitted) {
  judges({"TV-004"});
  const std::string nameless = make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}}, claims("api"));
  const auto under_test = client(config());
  EXPECT_THAT(under_test->validate_access_token_local(nameless, {}), FailsWith(Errc::kUnknownKey));
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata_and_keys();
  EXPECT_THAT(under_test->validate_access_token_local(nameless, {.require_kid = false}), IsOk());
}

TEST_F(TokenChecksTest, TakesTheClientForTheAudienceOfIdTokens) {
  judges({"IDT-001", "IDT-002"});
  answer_metadata_and_keys();
  EXPECT_THAT(client(config())->validate_id_token_local(token("RS256")), FailsWith(Errc::kBadAudience));
}

TEST_F(TokenChecksTest, TakesAnIdTokenWithAnyNonce) {
  judges({"IDT-006"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  EXPECT_THAT(under_test->validate_id_token_local(token("RS256", {{"aud", "id"}, {"nonce", "n"}})), IsOk());
}

TEST_F(TokenChecksTest, RefusesEmptyTokensWithoutAsking) {
  judges({"TV-001"});
  EXPECT_THAT(client(config())->validate_access_token_local("", {}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(client(config())->validate_id_token_local(""), FailsWith(Errc::kInvalidArgument));
}

TEST_F(TokenChecksTest, TakesAnIdTokenForAnAccessTokenUnlessTheTypeIsDemanded) {
  judges({"TV-024"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  const Json id_token_like{{"nonce", "n"}, {"at_hash", "h"}};
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", id_token_like), {}), IsOk());
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", id_token_like), {.require_at_jwt = true}),
              FailsWith(Errc::kBadTokenType));
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", Json::object(), {{"typ", "at+jwt"}}),
                                                      {.require_at_jwt = true}),
              IsOk());
}

TEST_F(TokenChecksTest, AllowsTheConfiguredLeewayAndNoMore) {
  judges({"A-07", "W-46"});
  answer_metadata_and_keys();
  const auto under_test = client(config({{"clock_leeway_s", 2.5}}));
  const auto start = oidc::epoch_seconds(test::kStart).count();
  for (const auto& [claim, within, beyond] :
       {std::tuple{"exp", start - 2, start - 3}, std::tuple{"nbf", start + 2, start + 3}}) {
    EXPECT_THAT(under_test->validate_access_token_local(token("RS256", {{claim, within}}), {}), IsOk()) << claim;
    EXPECT_THAT(under_test->validate_access_token_local(token("RS256", {{claim, beyond}}), {}),
                FailsWith(claim == std::string{"exp"} ? Errc::kTokenExpired : Errc::kTokenNotYetValid));
  }
  EXPECT_THAT(under_test->validate_access_token_local(token("RS256", {{"exp", start - 3}}), {.leeway = 4s}), IsOk());
  EXPECT_THAT(under_test->validate_id_token_local(token("RS256", {{"aud", "id"}, {"exp", start - 2}})), IsOk());
}

TEST_F(TokenChecksTest, TakesAnIdTokenOfAServerWhoseClockIsALittleAhead) {
  judges({"A-07", "W-46"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  const auto start = oidc::epoch_seconds(test::kStart).count();
  const auto validate = [&](const Json& changes) {
    Json claims{{"aud", "id"}};
    claims.update(changes);
    return under_test->validate_id_token_local(token("RS256", claims));
  };
  EXPECT_THAT(validate({{"iat", start + 10}, {"nbf", start + 10}}), IsOk());
  EXPECT_THAT(validate({{"iat", start + 11}}), FailsWith(Errc::kTokenNotYetValid));
  EXPECT_THAT(validate({{"nbf", start + 11}}), FailsWith(Errc::kTokenNotYetValid));
  EXPECT_THAT(validate({{"exp", start}}), FailsWith(Errc::kTokenExpired));
}

TEST_F(TokenChecksTest, HasNoLeewayUnlessAskedFor) {
  judges({"TV-010"});
  answer_metadata_and_keys();
  const auto under_test = client(config());
  const std::string fresh = token("RS256", {{"iat", oidc::epoch_seconds(test::kStart).count() + 2}});
  EXPECT_THAT(under_test->validate_access_token_local(fresh, {}), FailsWith(Errc::kTokenNotYetValid));
  EXPECT_THAT(under_test->validate_access_token_local(fresh, {.leeway = 2s}), IsOk());
}

}  // namespace
}  // namespace authcore
