#include "authcore/credential.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::judges;
using std::chrono::seconds;

constexpr oidc::TimePoint kNow{seconds{1'000'000}};

std::string jwt(const Json& claims) {
  return oidc::base64url_encode(R"({"alg":"RS256"})") + "." + oidc::base64url_encode(claims.dump()) + ".c2ln";
}

Credential parse(const Json& object) {
  return Credential::from_json(CredentialKind::kOidc, object, kNow).value();
}

std::optional<std::int64_t> epoch(std::optional<oidc::TimePoint> time) {
  return time ? std::optional<std::int64_t>{oidc::epoch_seconds(*time).count()} : std::nullopt;
}

struct TimesCase {
  const char* name;
  Json object;
  std::int64_t issued;
  std::optional<std::int64_t> expires;
};

class CredentialTimesTest : public ::testing::TestWithParam<TimesCase> {};

TEST_P(CredentialTimesTest, AreTakenInOrder) {
  judges({"CRED-001", "CRED-006", "CRED-007", "CRED-008", "CRED-009", "CRED-011", "CRED-012", "CRED-013", "CRED-016",
          "W-14", "D-04"});
  const TimesCase& c = GetParam();
  const Credential credential = parse(c.object);
  EXPECT_EQ(epoch(credential.issued_at()), c.issued);
  EXPECT_EQ(epoch(credential.expires_at()), c.expires);
  EXPECT_EQ(credential.json().at("_iat"), c.issued);
  EXPECT_EQ(credential.json().contains("_exp"), c.expires.has_value());
}

const TimesCase kTimes[] = {
    {"OpaqueAndNothing", {{"access_token", "A"}}, 1'000'000, std::nullopt},
    {"OpaqueAndExpiresIn", {{"access_token", "A"}, {"expires_in", 60}}, 1'000'000, 1'000'060},
    {"StoredTimes", {{"access_token", "A"}, {"expires_in", 60}, {"_iat", 900}, {"_exp", 950}}, 900, 950},
    {"StoredIssueTime", {{"access_token", "A"}, {"expires_in", 60}, {"_iat", 900}}, 900, 960},
    {"StoredExpiry", {{"access_token", "A"}, {"_exp", 950}}, 1'000'000, 950},
    {"JwtWinsOverAll",
     {{"access_token", jwt({{"iat", 10}, {"exp", 20}})}, {"expires_in", 60}, {"_iat", 900}, {"_exp", 950}},
     10,
     20},
    {"JwtIssueTimeAndExpiresIn", {{"access_token", jwt({{"iat", 10}})}, {"expires_in", 60}}, 10, 70},
    {"JwtWithoutTimes", {{"access_token", jwt({{"sub", "x"}})}, {"expires_in", 60}}, 1'000'000, 1'000'060},
    {"JwtWithGarbageTimes",
     {{"access_token", jwt({{"iat", "soon"}, {"exp", Json::array()}})}, {"expires_in", 60}},
     1'000'000,
     1'000'060},
    {"TwoSegmentsAreOpaque", {{"access_token", "e30.e30"}, {"expires_in", 60}}, 1'000'000, 1'000'060},
    {"FourSegmentsAreOpaque", {{"access_token", jwt({{"exp", 20}}) + ".x"}, {"expires_in", 60}}, 1'000'000, 1'000'060},
    {"UndecodableIsOpaque", {{"access_token", "e30.!!.x"}, {"expires_in", 60}}, 1'000'000, 1'000'060},
    {"IdTokenExpiryIsIgnored", {{"id_token", jwt({{"iat", 10}, {"exp", 20}})}}, 1'000'000, std::nullopt},
    {"ExpiresInString", {{"access_token", "A"}, {"expires_in", "3600"}}, 1'000'000, 1'003'600},
    {"ExpiresInExponentString", {{"access_token", "A"}, {"expires_in", "1e3"}}, 1'000'000, 1'001'000},
    {"ExpiresInFraction", {{"access_token", "A"}, {"expires_in", 3599.5}}, 1'000'000, 1'003'599},
    {"ExpiresInNull", {{"access_token", "A"}, {"expires_in", nullptr}}, 1'000'000, std::nullopt},
    {"ExpiresInTrue", {{"access_token", "A"}, {"expires_in", true}}, 1'000'000, std::nullopt},
    {"ExpiresInWord", {{"access_token", "A"}, {"expires_in", "abc"}}, 1'000'000, std::nullopt},
    {"ExpiresInTrailingGarbage", {{"access_token", "A"}, {"expires_in", "60s"}}, 1'000'000, std::nullopt},
    {"ExpiresInEmpty", {{"access_token", "A"}, {"expires_in", ""}}, 1'000'000, std::nullopt},
    {"ExpiresInNan", {{"access_token", "A"}, {"expires_in", "nan"}}, 1'000'000, std::nullopt},
    {"ExpiresInZero", {{"access_token", "A"}, {"expires_in", 0}}, 1'000'000, 1'000'000},
    {"ExpiresInNegative", {{"access_token", "A"}, {"expires_in", -1}}, 1'000'000, 1'000'000},
    {"ExpiresInTwoTo31", {{"access_token", "A"}, {"expires_in", 2147483648}}, 1'000'000, 2'148'483'648},
    {"ExpiresInTwoTo63", {{"access_token", "A"}, {"expires_in", 9223372036854775807}}, 1'000'000, 253402300799},
    {"ExpiresInUnsigned", {{"access_token", "A"}, {"expires_in", 18446744073709551615U}}, 1'000'000, 253402300799},
    {"ExpiresInHugeFloat", {{"access_token", "A"}, {"expires_in", 1e300}}, 1'000'000, 253402300799},
    {"StoredNulls",
     {{"access_token", "A"}, {"expires_in", 60}, {"_iat", nullptr}, {"_exp", nullptr}},
     1'000'000,
     1'000'060},
    {"StoredGarbage", {{"access_token", "A"}, {"_iat", "x"}, {"_exp", Json::object()}}, 1'000'000, std::nullopt},
    {"JwtHugeExpiry", {{"access_token", jwt({{"iat", 10}, {"exp", 1e30}})}}, 10, 253402300799},
};
INSTANTIATE_TEST_SUITE_P(Credential, CredentialTimesTest, ::testing::ValuesIn(kTimes),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(CredentialTest, RefusesWhatHoldsNoToken) {
  judges({"CRED-014"});
  for (const Json& object :
       {Json::array(), Json("text"), Json(nullptr), Json::object(), Json{{"access_token", nullptr}},
        Json{{"access_token", ""}}, Json{{"access_token", 5}}, Json{{"scope", "a"}}}) {
    EXPECT_THAT(Credential::from_json(CredentialKind::kOidc, object, kNow), FailsWith(Errc::kInvalidArgument))
        << object;
  }
}

TEST(CredentialTest, RefusesAnAccessTokenThatWouldStartAnotherHeader) {
  for (const char* token : {"A\r\nX-Admin: 1", "A\n", "A B", "\xc3\xa4", " A"}) {
    const Json object = {{"access_token", token}, {"refresh_token", "R"}};
    EXPECT_THAT(Credential::from_json(CredentialKind::kOidc, object, kNow),
                FailsWith(Errc::kInvalidArgument, ::testing::HasSubstr("visible ASCII")))
        << object;
  }
}

TEST(CredentialTest, AcceptsAnyOneToken) {
  judges({"CRED-014"});
  for (const char* name : {"access_token", "id_token", "refresh_token"}) {
    EXPECT_THAT(Credential::from_json(CredentialKind::kOidc, Json{{name, "T"}}, kNow), oidc::test::IsOk()) << name;
  }
}

TEST(CredentialTest, ExpiresAtItsExpiryInclusively) {
  judges({"CRED-004", "CRED-005"});
  const Credential credential = parse({{"access_token", "A"}, {"expires_in", 60}});
  EXPECT_FALSE(credential.is_expired(kNow + seconds{60} - oidc::Duration{1}));
  EXPECT_TRUE(credential.is_expired(kNow + seconds{60}));
}

TEST(CredentialTest, KeepsItsTimesThroughStorage) {
  judges({"CRED-010"});
  const Credential fresh = parse({{"access_token", "A"}, {"expires_in", 3600}});
  const auto reloaded =
      Credential::from_json(CredentialKind::kOidc, fresh.json(), kNow + std::chrono::minutes{50}).value();
  EXPECT_EQ(reloaded.expires_at(), fresh.expires_at());
  EXPECT_EQ(reloaded.json(), fresh.json());
}

TEST(CredentialTest, KeepsEveryMemberButNulls) {
  judges({"CRED-015"});
  const Credential credential = parse({{"access_token", "A"}, {"note", {{"nested", nullptr}}}, {"gone", nullptr}});
  EXPECT_EQ(credential.json().at("note"), (Json{{"nested", nullptr}}));
  EXPECT_FALSE(credential.json().contains("gone"));
}

struct KeepCase {
  const char* name;
  Json response;
};
class CredentialRefreshTest : public ::testing::TestWithParam<KeepCase> {};

TEST_P(CredentialRefreshTest, KeepsWhatTheReplyLeavesOut) {
  const Credential old = parse({{"access_token", "A0"}, {"refresh_token", "R0"}, {"id_token", "I0"}, {"scope", "a b"}});
  const auto refreshed = old.refreshed_with(GetParam().response, kNow).value();
  EXPECT_EQ(refreshed.access_token(), "A1");
  EXPECT_EQ(refreshed.refresh_token(), "R0");
  EXPECT_EQ(refreshed.id_token(), "I0");
  EXPECT_EQ(refreshed.json().at("scope"), "a b");
}

const KeepCase kKeepCases[] = {
    {"Absent", {{"access_token", "A1"}}},
    {"Null", {{"access_token", "A1"}, {"refresh_token", nullptr}, {"id_token", nullptr}, {"scope", nullptr}}},
    {"Empty", {{"access_token", "A1"}, {"refresh_token", ""}, {"id_token", ""}, {"scope", ""}}},
};
INSTANTIATE_TEST_SUITE_P(Rfc6749Section6, CredentialRefreshTest, ::testing::ValuesIn(kKeepCases),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(CredentialTest, ARefreshReplacesWhatTheReplyHas) {
  judges({"CRED-015", "CRED-021"});
  const Credential old = parse({{"access_token", "A0"}, {"refresh_token", "R0"}, {"scope", "a b"}, {"app", "mine"}});
  const auto refreshed =
      old.refreshed_with({{"access_token", "A1"}, {"refresh_token", "R1"}, {"scope", "a"}, {"new", 1}}, kNow).value();
  EXPECT_EQ(refreshed.refresh_token(), "R1");
  EXPECT_EQ(refreshed.json().at("scope"), "a");
  EXPECT_EQ(refreshed.json().at("app"), "mine");
  EXPECT_EQ(refreshed.json().at("new"), 1);
}

TEST(CredentialTest, ARefreshComputesTimesAfresh) {
  const Credential old = parse({{"access_token", "A0"}, {"expires_in", 60}});
  const auto later = kNow + seconds{1000};
  EXPECT_EQ(old.refreshed_with({{"access_token", "A1"}, {"expires_in", 30}}, later).value().expires_at(),
            later + seconds{30});
  EXPECT_EQ(old.refreshed_with({{"access_token", "A1"}}, later).value().expires_at(), std::nullopt)
      << "the old expires_in spoke of the old token";
  EXPECT_EQ(old.refreshed_with({{"access_token", "A1"}, {"_exp", 5}}, later).value().expires_at(), std::nullopt)
      << "the reserved names are ours";
}

TEST(CredentialTest, ARefreshNeedsAnAccessToken) {
  const Credential old = parse({{"access_token", "A0"}, {"refresh_token", "R0"}});
  for (const Json& response :
       {Json::object(), Json::array(), Json{{"refresh_token", "R1"}}, Json{{"access_token", ""}}}) {
    EXPECT_THAT(old.refreshed_with(response, kNow), FailsWith(Errc::kInvalidArgument)) << response;
  }
}

TEST(CredentialTest, IsExpiringIfAnExpiryIsKnown) {
  judges({"CRED-001", "CRED-003", "CRED-004", "D-04"});
  const Credential endless = parse({{"access_token", "A"}, {"_exp", nullptr}});
  EXPECT_FALSE(endless.is_expiring());
  EXPECT_FALSE(endless.is_expired(oidc::TimePoint::max()));
  const Credential expiring = parse({{"access_token", "A"}, {"_exp", nullptr}, {"expires_in", 60}});
  EXPECT_TRUE(expiring.is_expiring()) << "of a token response, expires_in says so too";
  EXPECT_TRUE(expiring.is_expired(oidc::TimePoint::max()));
  EXPECT_FALSE(expiring.is_expired(kNow));
}

TEST(CredentialTest, ReadsAnAccessTokenWithoutVerifyingIt) {
  judges({"CRED-013"});
  const std::string forged =
      oidc::base64url_encode(R"({"alg":"none"})") + "." + oidc::base64url_encode(R"({"iat":10,"exp":20})") + ".";
  EXPECT_EQ(epoch(parse({{"access_token", forged}}).expires_at()), 20);
}

TEST(CredentialTest, AStaticKeyNeedsItsPrefix) {
  judges({"CRED-019"});
  const auto of = [](const Json& object) { return Credential::from_json(CredentialKind::kApiKey, object, kNow); };
  const auto key = of({{"api_key", "K"}, {"bearer_token_prefix", "Token"}});
  ASSERT_TRUE(key);
  EXPECT_EQ(key->api_key(), "K");
  EXPECT_EQ(key->token_prefix(), "Token");
  EXPECT_FALSE(key->is_expiring());
  EXPECT_FALSE(key->json().contains("_iat"));
  for (const Json& object :
       {Json::object(), Json{{"api_key", "K"}}, Json{{"bearer_token_prefix", "B"}}, Json::array(),
        Json{{"api_key", ""}, {"bearer_token_prefix", "B"}}, Json{{"api_key", "K"}, {"bearer_token_prefix", ""}},
        Json{{"api_key", 5}, {"bearer_token_prefix", "B"}}, Json{{"api_key", "K"}, {"bearer_token_prefix", nullptr}}}) {
    EXPECT_THAT(of(object), FailsWith(Errc::kInvalidArgument)) << object;
  }
}

TEST(CredentialTest, AStaticKeyGivenLiterallyHasThePrefixBearer) {
  judges({"CRED-019"});
  EXPECT_EQ(Credential::from_api_key("K")->json(), (Json{{"api_key", "K"}, {"bearer_token_prefix", "Bearer"}}));
  EXPECT_EQ(Credential::from_api_key("K", "Token")->token_prefix(), "Token");
  EXPECT_THAT(Credential::from_api_key(""), FailsWith(Errc::kInvalidArgument));
}

TEST(CredentialTest, ALegacyKeyIsTheOldSdksFile) {
  judges({"CRED-020"});
  const auto of = [](const Json& object) { return Credential::from_json(CredentialKind::kPlanetLegacy, object, kNow); };
  const auto key = of({{"key", "K"}, {"jwt", "J"}});
  ASSERT_TRUE(key);
  EXPECT_EQ(key->api_key(), "K");
  EXPECT_EQ(key->legacy_jwt(), "J");
  EXPECT_EQ(key->json(), (Json{{"key", "K"}, {"jwt", "J"}}));
  EXPECT_EQ(of({{"key", "K"}})->legacy_jwt(), std::nullopt);
  EXPECT_FALSE(key->is_expiring());
  for (const Json& object : {Json::object(), Json{{"jwt", "J"}}, Json{{"key", ""}}, Json{{"key", 5}}}) {
    EXPECT_THAT(of(object), FailsWith(Errc::kInvalidArgument)) << object;
  }
}

TEST(CredentialOfAResponse, TakesNoTimesThatTheServerPutInOurMembers) {
  const Json response = {{"access_token", "A"}, {"expires_in", 60}, {"_iat", 5}, {"_exp", 9}};
  const oidc::TimePoint now{std::chrono::seconds{1'000'000}};
  const auto credential = Credential::from_response(response, now);
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->issued_at(), now);
  EXPECT_EQ(credential->expires_at(), now + std::chrono::seconds{60});
  EXPECT_EQ(Credential::from_response({{"access_token", "A"}, {"_exp", 9}}, now)->expires_at(), std::nullopt);
  EXPECT_FALSE(Credential::from_response(Json::array(), now));
}

}  // namespace
}  // namespace authcore
