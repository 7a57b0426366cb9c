#include <ostream>

#include "authcore/token_validator.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "token_maker.hpp"
#include "validation/jws.hpp"

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

constexpr std::int64_t kNow = 1'893'456'000;  // test::kStart

Json claims() {
  return {{"iss", test::kServer}, {"aud", "api"}, {"sub", "alice"}, {"exp", kNow + 60}, {"iat", kNow}};
}
Json claims_with(const std::string& name, const Json& value) {
  Json all = claims();
  all[name] = value;
  return all;
}

class TokenValidatorTest : public test::ClientWorld {
 protected:
  void SetUp() override {
    answers_keys_ = Json{{"keys", Json::array({SigningKey::rsa().jwk("rsa"), SigningKey::p256().jwk("ec")})}};
  }
  std::string token(const Json& payload, Json header = {{"alg", "RS256"}, {"kid", "rsa"}}) {
    return make_token(SigningKey::rsa(), "RS256", header, payload);
  }
  oidc::Result<Json> validate(const std::string& text,
                              Expectation expected = {.issuer = test::kServer, .audience = "api"}) {
    if (http_.count() == 0) {
      answer_json(200, answers_keys_);
    }
    return validator_.validate(text, expected);
  }
  oidc::Result<Json> validate_id_token(const Json& payload, const std::string& access_token = "") {
    if (http_.count() == 0) {
      answer_json(200, answers_keys_);
    }
    return validator_.validate_id_token(token(payload), {.issuer = test::kServer, .audience = "api"}, access_token);
  }
  /// For tokens that must be refused before any key is looked up.
  oidc::Result<Json> validate_without_keys(const std::string& text) {
    return validator_.validate(text, {.issuer = test::kServer, .audience = "api"});
  }

  Json answers_keys_;
  JwksCache keys_{test::kServer + "/jwks", environment()};
  TokenValidator validator_{keys_, clock_};
};

TEST_F(TokenValidatorTest, ReturnsTheVerifiedClaims) {
  judges({"TV-001"});
  const auto result = validate(token(claims()));
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(*result, claims());
}

TEST_F(TokenValidatorTest, NeedsTokenIssuerAndAudience) {
  judges({"TV-001", "D-15"});
  EXPECT_THAT(validator_.validate("", {.issuer = "i", .audience = "a"}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(validator_.validate("t", {.issuer = "", .audience = "a"}), FailsWith(Errc::kInvalidArgument));
  EXPECT_THAT(validator_.validate("t", {.issuer = "i", .audience = ""}), FailsWith(Errc::kInvalidArgument));
}

TEST_F(TokenValidatorTest, ChecksTheAlgorithmBeforeItAsksForKeys) {
  judges({"TV-002", "TV-003", "A-10", "RFC8725-3.1-ALGORITHMS"});
  for (const Json& header : {Json{{"alg", "none"}, {"kid", "rsa"}}, Json{{"alg", "HS256"}, {"kid", "rsa"}},
                             Json{{"alg", "RS512"}, {"kid", "rsa"}}, Json{{"alg", "rs256"}, {"kid", "rsa"}},
                             Json{{"alg", 7}, {"kid", "rsa"}}, Json{{"kid", "rsa"}}}) {
    EXPECT_THAT(validate_without_keys(token(claims(), header)), FailsWith(Errc::kAlgorithmNotAllowed)) << header;
  }
}

TEST_F(TokenValidatorTest, NeverTrustsHmacOrNoneEvenIfListed) {
  judges({"TV-002", "A-10", "RFC8725-3.1-ALGORITHMS"});
  TokenValidator lax{keys_, clock_, {.algorithms = {"none", "HS256"}}};
  for (const char* alg : {"none", "HS256"}) {
    EXPECT_THAT(
        lax.validate(token(claims(), {{"alg", alg}, {"kid", "rsa"}}), {.issuer = test::kServer, .audience = "api"}),
        FailsWith(Errc::kAlgorithmNotAllowed));
  }
}

TEST_F(TokenValidatorTest, RefusesWhatAHeaderDemandsBeyondUs) {
  Json header{{"alg", "RS256"}, {"kid", "rsa"}};
  header["crit"] = Json::array({"exp"});
  EXPECT_THAT(validate_without_keys(token(claims(), header)), FailsWith(Errc::kMalformedToken));
  header.erase("crit");
  header["b64"] = false;
  EXPECT_THAT(validate_without_keys(token(claims(), header)), FailsWith(Errc::kMalformedToken));
  header["b64"] = true;
  EXPECT_THAT(validate(token(claims(), header)), IsOk());
}

TEST_F(TokenValidatorTest, ChoosesTheKeyByKidOnlyIfTold) {
  judges({"TV-004"});
  TokenValidator strict{keys_, clock_, {.require_kid = true}};
  const Expectation expected{.issuer = test::kServer, .audience = "api"};
  for (const Json& header : {Json{{"alg", "RS256"}}, Json{{"alg", "RS256"}, {"kid", ""}}}) {
    EXPECT_THAT(strict.validate(token(claims(), header), expected), FailsWith(Errc::kUnknownKey)) << header;
  }
  EXPECT_EQ(http_.count(), 0U);
  EXPECT_THAT(validate(token(claims(), {{"alg", "RS256"}, {"kid", "other"}})), FailsWith(Errc::kUnknownKey));
  EXPECT_THAT(validate(token(claims(), {{"alg", "RS256"}, {"kid", 7}})), FailsWith(Errc::kMalformedToken));
}

TEST_F(TokenValidatorTest, IgnoresKeysInTheHeader) {
  judges({"RFC8725-3.8-ISSUER-KEYS"});
  const Json header{{"alg", "RS256"},
                    {"kid", "rsa"},
                    {"jwk", SigningKey::other_rsa().jwk("rsa")},
                    {"jku", "https://evil.test/jwks"},
                    {"x5u", "https://evil.test/x5u"},
                    {"x5c", Json::array({"MIIB"})}};
  EXPECT_THAT(validate(make_token(SigningKey::other_rsa(), "RS256", header, claims())), FailsWith(Errc::kBadSignature));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(TokenValidatorTest, RefusesASignatureThatDoesNotFit) {
  judges({"TV-005"});
  const std::string good = token(claims());
  EXPECT_THAT(validate(good.substr(0, good.rfind('.') + 1)), FailsWith(Errc::kBadSignature));
  const std::string payload = oidc::base64url_encode(claims_with("sub", "mallory").dump());
  const std::string altered = good.substr(0, good.find('.') + 1) + payload + good.substr(good.rfind('.'));
  EXPECT_THAT(validate(altered), FailsWith(Errc::kBadSignature));
}

TEST_F(TokenValidatorTest, RefusesAKeyOfAnotherKindThanTheAlgorithm) {
  judges({"TV-025", "W-25"});
  EXPECT_THAT(validate(token(claims(), {{"alg", "RS256"}, {"kid", "ec"}})), FailsWith(Errc::kAlgorithmNotAllowed));
}

TEST_F(TokenValidatorTest, DemandsTheTypeOfAnAccessTokenIfTold) {
  judges({"TV-024", "A-26", "W-48"});
  answer_json(200, answers_keys_);
  TokenValidator strict{keys_, clock_, {.require_at_jwt = true}};
  const Expectation expected{.issuer = test::kServer, .audience = "api"};
  for (const Json& typ : {Json("at+jwt"), Json("AT+JWT"), Json("application/at+jwt")}) {
    EXPECT_THAT(strict.validate(token(claims(), {{"alg", "RS256"}, {"kid", "rsa"}, {"typ", typ}}), expected), IsOk())
        << typ;
  }
  for (const Json& typ : {Json("JWT"), Json("at+jwt2"), Json(7), Json(nullptr)}) {
    EXPECT_THAT(strict.validate(token(claims(), {{"alg", "RS256"}, {"kid", "rsa"}, {"typ", typ}}), expected),
                FailsWith(Errc::kBadTokenType))
        << typ;
  }
}

TEST_F(TokenValidatorTest, ShowsATokenThatNothingIsKnownAbout) {
  judges({"TV-020"});
  Json expired = claims_with("exp", kNow - 1);
  const auto shown = TokenValidator::hazmat_unverified_decode(
      make_token(SigningKey::other_rsa(), "RS256", {{"alg", "none"}}, expired));
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(shown->header, Json({{"alg", "none"}}));
  EXPECT_EQ(shown->payload, expired);
  EXPECT_EQ(shown->signature.size(), 256U);
  EXPECT_THAT(TokenValidator::hazmat_unverified_decode("opaque"), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(TokenValidatorTest, ChecksTheSignatureBeforeAnyClaim) {
  judges({"TV-015"});
  const Json header{{"alg", "RS256"}, {"kid", "rsa"}};
  EXPECT_THAT(validate(make_token(SigningKey::other_rsa(), "RS256", header, claims_with("exp", kNow))),
              FailsWith(Errc::kBadSignature));
}

TEST_F(TokenValidatorTest, TrustsAnotherListOfAlgorithmsOnRequest) {
  judges({"TV-002"});
  TokenValidator es{keys_, clock_, {.algorithms = {"ES256"}}};
  answer_json(200, answers_keys_);
  const Expectation expected{.issuer = test::kServer, .audience = "api"};
  EXPECT_THAT(
      es.validate(make_token(SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "ec"}}, claims()), expected),
      IsOk());
  EXPECT_THAT(es.validate(token(claims()), expected), FailsWith(Errc::kAlgorithmNotAllowed));
}

TEST_F(TokenValidatorTest, SaysWhyTheKeysCannotBeHad) {
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(validate_without_keys(token(claims())), FailsWith(Errc::kNetwork));
}

struct ClaimCase {
  const char* name;
  const char* claim;
  Json value;
  Errc expected;
};
void PrintTo(const ClaimCase& c, std::ostream* out) {
  *out << c.name;
}
class BadClaim : public TokenValidatorTest, public testing::WithParamInterface<ClaimCase> {};

TEST_P(BadClaim, IsRefused) {
  judges({"TV-006", "TV-008", "TV-009", "TV-010", "TV-011", "A-07", "RFC7519-4.1.4-EXP", "RFC7519-4.1.5-NBF"});
  EXPECT_THAT(validate(token(claims_with(GetParam().claim, GetParam().value))), FailsWith(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Rfc7519Section41, BadClaim,
                         testing::Values(ClaimCase{"no_exp", "exp", nullptr, Errc::kMissingClaim},
                                         ClaimCase{"exp_a_string", "exp", "1893456060", Errc::kBadClaim},
                                         ClaimCase{"exp_a_bool", "exp", true, Errc::kBadClaim},
                                         ClaimCase{"expired_now", "exp", kNow, Errc::kTokenExpired},
                                         ClaimCase{"expired_long_ago", "exp", -1e300, Errc::kTokenExpired},
                                         ClaimCase{"expired_by_a_fraction", "exp", kNow - 0.001, Errc::kTokenExpired},
                                         ClaimCase{"iat_ahead", "iat", kNow + 1, Errc::kTokenNotYetValid},
                                         ClaimCase{"iat_a_string", "iat", "now", Errc::kBadClaim},
                                         ClaimCase{"nbf_ahead", "nbf", kNow + 1, Errc::kTokenNotYetValid},
                                         ClaimCase{"nbf_absurd", "nbf", 1e300, Errc::kTokenNotYetValid},
                                         ClaimCase{"nbf_a_list", "nbf", Json::array(), Errc::kBadClaim},
                                         ClaimCase{"no_iss", "iss", nullptr, Errc::kMissingClaim},
                                         ClaimCase{"iss_a_list", "iss", Json::array({test::kServer}), Errc::kBadClaim},
                                         ClaimCase{"iss_with_slash", "iss", test::kServer + "/", Errc::kBadIssuer},
                                         ClaimCase{"iss_other_case", "iss", "https://AS.test", Errc::kBadIssuer},
                                         ClaimCase{"no_aud", "aud", nullptr, Errc::kMissingClaim},
                                         ClaimCase{"aud_other", "aud", "API", Errc::kBadAudience},
                                         ClaimCase{"aud_empty_list", "aud", Json::array(), Errc::kBadAudience},
                                         ClaimCase{"aud_list_of_others", "aud", Json::array({"a", "apis"}),
                                                   Errc::kBadAudience},
                                         ClaimCase{"aud_mixed_list", "aud", Json::array({"api", 7}), Errc::kBadClaim},
                                         ClaimCase{"aud_a_number", "aud", 7, Errc::kBadClaim},
                                         ClaimCase{"sub_a_number", "sub", 7, Errc::kBadClaim},
                                         ClaimCase{"jti_a_number", "jti", 7, Errc::kBadClaim}),
                         [](const auto& tested) { return tested.param.name; });

class GoodClaim : public TokenValidatorTest, public testing::WithParamInterface<ClaimCase> {};

TEST_P(GoodClaim, IsAccepted) {
  judges({"TV-009", "TV-010", "TV-018"});
  EXPECT_THAT(validate(token(claims_with(GetParam().claim, GetParam().value))), IsOk());
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7519Section41, GoodClaim,
    testing::Values(ClaimCase{"exp_a_fraction_ahead", "exp", kNow + 0.001, Errc::kUnknown},
                    ClaimCase{"exp_absurd", "exp", 1e300, Errc::kUnknown},
                    ClaimCase{"exp_beyond_int64", "exp", 18'446'744'073'709'551'615U, Errc::kUnknown},
                    ClaimCase{"iat_absent", "iat", nullptr, Errc::kUnknown},
                    ClaimCase{"nbf_now", "nbf", kNow, Errc::kUnknown},
                    ClaimCase{"nbf_a_float", "nbf", kNow - 0.5, Errc::kUnknown},
                    ClaimCase{"aud_in_a_list", "aud", Json::array({"other", "api"}), Errc::kUnknown},
                    ClaimCase{"a_nonce_nobody_asked_for", "nonce", 7, Errc::kUnknown}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(TokenValidatorTest, AllowsTheLeewayAndNoMore) {
  judges({"TV-010", "A-07", "W-46"});
  answer_json(200, answers_keys_);
  TokenValidator lenient{keys_, clock_, {.leeway = 5s}};
  const Expectation expected{.issuer = test::kServer, .audience = "api"};
  EXPECT_THAT(lenient.validate(token(claims_with("exp", kNow - 4)), expected), IsOk());
  EXPECT_THAT(lenient.validate(token(claims_with("exp", kNow - 5)), expected), FailsWith(Errc::kTokenExpired));
  EXPECT_THAT(lenient.validate(token(claims_with("iat", kNow + 5)), expected), IsOk());
  EXPECT_THAT(lenient.validate(token(claims_with("nbf", kNow + 6)), expected), FailsWith(Errc::kTokenNotYetValid));
}

TEST_F(TokenValidatorTest, ChecksRequiredClaimsForPresence) {
  judges({"TV-007"});
  const Expectation expected{.issuer = test::kServer, .audience = "api", .required_claims = {"tenant"}};
  EXPECT_THAT(validate(token(claims()), expected), FailsWith(Errc::kMissingClaim));
  EXPECT_THAT(validate(token(claims_with("tenant", nullptr)), expected), FailsWith(Errc::kMissingClaim));
  EXPECT_THAT(validate(token(claims_with("tenant", false)), expected), IsOk());
}

TEST_F(TokenValidatorTest, ComparesTheNonceIfOneIsExpected) {
  judges({"TV-017"});
  const Expectation expected{.issuer = test::kServer, .audience = "api", .nonce = "n1"};
  EXPECT_THAT(validate(token(claims()), expected), FailsWith(Errc::kBadNonce));
  for (const Json& other : {Json("n2"), Json("N1"), Json(""), Json(1), Json()}) {
    EXPECT_THAT(validate(token(claims_with("nonce", other)), expected), FailsWith(Errc::kBadNonce)) << other;
  }
  EXPECT_THAT(validate(token(claims_with("nonce", "n1")), expected), IsOk());
}

struct ScopeCase {
  const char* name;
  Json scope;
  Json scp;
  std::optional<Errc> expected;
};
void PrintTo(const ScopeCase& c, std::ostream* out) {
  *out << c.name;
}
class Scopes : public TokenValidatorTest, public testing::WithParamInterface<ScopeCase> {};

TEST_P(Scopes, AreGrantedByScopeElseScp) {
  judges({"TV-012", "TV-013", "TV-014", "TV-016", "A-11", "W-24"});
  Json payload = claims();
  payload["scope"] = GetParam().scope;
  payload["scp"] = GetParam().scp;
  const auto result =
      validate(token(payload), {.issuer = test::kServer, .audience = "api", .scopes_anyof = {"read", "write"}});
  if (GetParam().expected) {
    EXPECT_THAT(result, FailsWith(*GetParam().expected));
  } else {
    EXPECT_THAT(result, IsOk());
  }
}

INSTANTIATE_TEST_SUITE_P(TV013, Scopes,
                         testing::Values(ScopeCase{"string", "x write", nullptr, std::nullopt},
                                         ScopeCase{"list", Json::array({"x", "read"}), nullptr, std::nullopt},
                                         ScopeCase{"scp_list", nullptr, Json::array({"read"}), std::nullopt},
                                         ScopeCase{"scp_string", nullptr, "x read", std::nullopt},
                                         ScopeCase{"empty_scope_falls_to_scp", "", "read", std::nullopt},
                                         ScopeCase{"scope_wins_over_scp", "x", "read", Errc::kScopeNotGranted},
                                         ScopeCase{"insufficient", "x y", nullptr, Errc::kScopeNotGranted},
                                         ScopeCase{"part_of_a_name", "reading", nullptr, Errc::kScopeNotGranted},
                                         ScopeCase{"other_case", "READ", nullptr, Errc::kScopeNotGranted},
                                         ScopeCase{"string_is_not_letters", nullptr, "r e a d", Errc::kScopeNotGranted},
                                         ScopeCase{"neither", nullptr, nullptr, Errc::kMissingScope},
                                         ScopeCase{"both_empty", "", Json::array(), Errc::kMissingScope},
                                         ScopeCase{"wrong_type", 7, nullptr, Errc::kBadClaim},
                                         ScopeCase{"list_of_numbers", Json::array({7}), nullptr, Errc::kBadClaim}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(TokenValidatorTest, LooksAtNoScopesIfNoneIsAskedFor) {
  judges({"TV-012"});
  EXPECT_THAT(validate(token(claims_with("scope", 7))), IsOk());
}

TEST_F(TokenValidatorTest, ChecksScopesLast) {
  judges({"TV-015"});
  EXPECT_THAT(
      validate(token(claims_with("exp", kNow)), {.issuer = test::kServer, .audience = "api", .scopes_anyof = {"read"}}),
      FailsWith(Errc::kTokenExpired));
}

TEST_F(TokenValidatorTest, TakesAnIdTokenOfOneAudienceWithoutAzp) {
  judges({"IDT-004", "D-16"});
  EXPECT_THAT(validate_id_token(claims()), IsOk());
  EXPECT_THAT(validate_id_token(claims_with("aud", Json::array({"api"}))), IsOk());
}

TEST_F(TokenValidatorTest, NeedsAzpInAnIdTokenOfSeveralAudiences) {
  judges({"IDT-003", "D-16"});
  Json payload = claims_with("aud", Json::array({"api", "other"}));
  EXPECT_THAT(validate_id_token(payload), FailsWith(Errc::kBadAuthorizedParty));
  payload["azp"] = "other";
  EXPECT_THAT(validate_id_token(payload), FailsWith(Errc::kBadAuthorizedParty));
  payload["azp"] = "api";
  EXPECT_THAT(validate_id_token(payload), IsOk());
}

TEST_F(TokenValidatorTest, RefusesAWrongAzpWhateverTheAudience) {
  judges({"IDT-005", "D-16"});
  EXPECT_THAT(validate_id_token(claims_with("azp", "other")), FailsWith(Errc::kBadAuthorizedParty));
  EXPECT_THAT(validate_id_token(claims_with("azp", 7)), FailsWith(Errc::kBadAuthorizedParty));
}

TEST_F(TokenValidatorTest, NeedsSubjectAndIssueTimeInAnIdToken) {
  EXPECT_THAT(validate_id_token(claims_with("sub", nullptr)), FailsWith(Errc::kMissingClaim));
  EXPECT_THAT(validate_id_token(claims_with("iat", nullptr)), FailsWith(Errc::kMissingClaim));
}

TEST_F(TokenValidatorTest, ComparesAtHashWithTheAccessToken) {
  const Json payload = claims_with("at_hash", access_token_hash("RS256", "at-1").value());
  EXPECT_THAT(validate_id_token(payload, "at-1"), IsOk());
  EXPECT_THAT(validate_id_token(payload, "at-2"), FailsWith(Errc::kBadClaim));
  EXPECT_THAT(validate_id_token(payload), IsOk());
  EXPECT_THAT(validate_id_token(claims_with("at_hash", 7), "at-1"), FailsWith(Errc::kBadClaim));
}

}  // namespace
}  // namespace authcore
