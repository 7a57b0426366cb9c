#include "authcore/multi_issuer_validator.hpp"

#include "authcore/authenticator.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "log_catcher.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::make_token;
using oidc::test::SigningKey;

const std::string kOther = "https://other.test";

/// What a client would say, and how often it was asked.
class FakeClient final : public AuthClient {
 public:
  FakeClient(std::string issuer, std::string audience) : issuer_{std::move(issuer)}, audience_{std::move(audience)} {}

  std::string_view type_name() const override { return "fake"; }
  CredentialKind credential_kind() const override { return kind; }
  oidc::Result<std::string> issuer() override { return issuer_; }
  std::string audience() const override { return audience_; }
  oidc::Result<Json> validate_access_token_local(const std::string& /*token*/,
                                                 const AccessTokenChecks& checks) override {
    ++local_calls;
    asked = checks;
    return local;
  }
  oidc::Result<Json> validate_access_token_remote(const std::string& /*token*/) override {
    ++remote_calls;
    return remote;
  }
  std::unique_ptr<RequestAuthenticator> default_request_authenticator(CredentialLocation /*location*/,
                                                                      RefreshPolicy /*policy*/) override {
    return nullptr;
  }

  CredentialKind kind = CredentialKind::kOidc;
  oidc::Result<Json> local = Json{{"sub", "alice"}};
  oidc::Result<Json> remote = Json{{"active", true}, {"sub", "alice"}};
  int local_calls = 0;
  int remote_calls = 0;
  AccessTokenChecks asked;

 private:
  std::string issuer_;
  std::string audience_;
};

std::string token_of(const Json& issuer) {
  return make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}},
                    {{"iss", issuer}, {"sub", "secret-subject"}, {"aud", "api"}, {"scope", "read"}, {"cid", "client"}});
}

class MultiIssuerValidatorTest : public test::ClientWorld {
 protected:
  std::unique_ptr<MultiIssuerValidator> trusting(std::vector<std::shared_ptr<AuthClient>> clients,
                                                 MultiIssuerValidator::Options options = {}) {
    return MultiIssuerValidator::from_clients(std::move(clients), log_.log(clock_), options).value();
  }
  std::unique_ptr<MultiIssuerValidator> trusting_both(MultiIssuerValidator::Options options = {}) {
    return trusting({first_, second_}, options);
  }
  MultiIssuerValidator::Made made(std::vector<std::shared_ptr<AuthClient>> clients) {
    return MultiIssuerValidator::from_clients(std::move(clients), {}, {});
  }

  oidc::test::LogCatcher log_;
  std::shared_ptr<FakeClient> first_ = std::make_shared<FakeClient>(test::kServer, "api");
  std::shared_ptr<FakeClient> second_ = std::make_shared<FakeClient>(kOther, "api");
};

TEST_F(MultiIssuerValidatorTest, TrustsClientsOfOpenIdConnectWithAnAudience) {
  judges({"MIV-001"});
  EXPECT_THAT(made({first_}), IsOk());
  EXPECT_THAT(made({std::make_shared<FakeClient>(test::kServer, "")}), FailsWith(Errc::kConfig));
  const auto keyed = std::make_shared<FakeClient>(test::kServer, "api");
  keyed->kind = CredentialKind::kApiKey;
  EXPECT_THAT(made({keyed}), FailsWith(Errc::kConfig));
}

TEST_F(MultiIssuerValidatorTest, SkipsNullEntriesButNeedsOneThatIsNone) {
  judges({"MIV-001"});
  EXPECT_THAT(trusting({nullptr, first_, nullptr})->validate_access_token(token_of(test::kServer), {}), IsOk());
  EXPECT_THAT(made({nullptr}), FailsWith(Errc::kConfig));
  EXPECT_THAT(made({}), FailsWith(Errc::kConfig));
}

TEST_F(MultiIssuerValidatorTest, RefusesAnIssuerThatComesTwice) {
  judges({"MIV-002"});
  EXPECT_THAT(made({first_, second_, std::make_shared<FakeClient>(test::kServer, "other")}), FailsWith(Errc::kConfig));
}

TEST_F(MultiIssuerValidatorTest, AsksTheIssuerThatTheTokenNamesAndNobodyElse) {
  judges({"MIV-007"});
  const auto validator = trusting_both();
  second_->local = Json{{"sub", "bob"}};
  const auto validated = validator->validate_access_token(token_of(kOther), {.do_remote_revocation_check = true});
  ASSERT_THAT(validated, IsOk());
  EXPECT_EQ(validated->claims, Json({{"sub", "bob"}}));
  EXPECT_EQ(second_->local_calls, 1);
  EXPECT_EQ(second_->remote_calls, 1);
  EXPECT_EQ(first_->local_calls + first_->remote_calls, 0);
}

TEST_F(MultiIssuerValidatorTest, RefusesAnUnknownIssuerAndSaysSoInTheLog) {
  judges({"MIV-008", "MIV-016", "D-14", "W-51"});
  const auto validator = trusting_both();
  for (const std::string& stranger : {std::string{"https://evil.test"}, test::kServer + "/"}) {
    const auto result = validator->validate_access_token(token_of(stranger), {});
    EXPECT_THAT(result, FailsWith(Errc::kBadIssuer));
    EXPECT_TRUE(oidc::is_kind_of(result.error().code, Errc::kInvalidToken));
  }
  EXPECT_EQ(first_->local_calls + second_->local_calls, 0);
  const auto logged = log_.of("TOKEN_INVALID_BAD_ISSUER");
  ASSERT_EQ(logged.size(), 2U);
  EXPECT_EQ(logged[0].level, oidc::LogLevel::kWarning);
  EXPECT_EQ(logged[0].record.at("jwt_payload").at("iss"), "https://evil.test");
}

TEST_F(MultiIssuerValidatorTest, RefusesATokenThatNamesNoIssuer) {
  judges({"MIV-009"});
  const auto validator = trusting_both();
  for (const Json& issuer : {Json(nullptr), Json(""), Json(7), Json::array({test::kServer})}) {
    const auto result = validator->validate_access_token(token_of(issuer), {});
    ASSERT_FALSE(result) << issuer;
    EXPECT_TRUE(oidc::is_kind_of(result.error().code, Errc::kInvalidToken)) << issuer;
  }
  EXPECT_THAT(validator->validate_access_token("opaque", {}), FailsWith(Errc::kMalformedToken));
  EXPECT_THAT(validator->validate_access_token("", {}), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(first_->local_calls + second_->local_calls, 0);
}

TEST_F(MultiIssuerValidatorTest, ReturnsLocalClaimsAndNoRemoteReplyUnlessAsked) {
  judges({"MIV-010", "MIV-011"});
  const auto validator = trusting_both();
  const auto local = validator->validate_access_token(token_of(test::kServer), {});
  ASSERT_THAT(local, IsOk());
  EXPECT_EQ(local->claims, *first_->local);
  EXPECT_FALSE(local->remote);
  EXPECT_EQ(first_->remote_calls, 0);
  const auto both = validator->validate_access_token(token_of(test::kServer), {.do_remote_revocation_check = true});
  ASSERT_THAT(both, IsOk());
  EXPECT_EQ(both->claims, *first_->local);
  EXPECT_EQ(both->remote, *first_->remote);
}

TEST_F(MultiIssuerValidatorTest, RefusesARevokedTokenThoughItIsValidLocally) {
  judges({"MIV-011"});
  const auto validator = trusting_both();
  for (const auto& refusal : {oidc::Result<Json>{oidc::Error{Errc::kIntrospectionRejected, "revoked"}},
                              oidc::Result<Json>{Json{{"active", false}}}}) {
    first_->remote = refusal;
    EXPECT_THAT(validator->validate_access_token(token_of(test::kServer), {.do_remote_revocation_check = true}),
                FailsWith(Errc::kIntrospectionRejected));
  }
  EXPECT_EQ(log_.of("TOKEN_INVALID_INTROSPECTION_REJECTION").size(), 2U);
  EXPECT_EQ(log_.entries().size(), 2U) << log_.text();
}

TEST_F(MultiIssuerValidatorTest, AsksTheIssuerOnlyAboutTokensThatAreValidLocally) {
  judges({"MIV-012", "A-23"});
  first_->local = oidc::Error{Errc::kTokenExpired, "expired"};
  EXPECT_THAT(trusting_both()->validate_access_token(token_of(test::kServer), {.do_remote_revocation_check = true}),
              FailsWith(Errc::kTokenExpired));
  EXPECT_EQ(first_->remote_calls, 0);
}

TEST_F(MultiIssuerValidatorTest, BelievesNoRemoteReplyWithoutAVerdict) {
  judges({"MIV-013"});
  const auto validator = trusting_both();
  for (const Json& reply : {Json::object(), Json{{"sub", "alice"}}, Json{{"active", "true"}}, Json{{"active", 1}},
                            Json{{"active", nullptr}}, Json(nullptr), Json::array()}) {
    first_->remote = reply;
    EXPECT_THAT(validator->validate_access_token(token_of(test::kServer), {.do_remote_revocation_check = true}),
                FailsWith(Errc::kMalformedResponse))
        << reply;
  }
  EXPECT_TRUE(log_.entries().empty()) << "nothing is wrong with the token: " << log_.text();
}

TEST_F(MultiIssuerValidatorTest, PassesScopesAndClaimsToTheLocalValidation) {
  judges({"MIV-014"});
  first_->local = oidc::Error{Errc::kScopeNotGranted, "no"};
  const auto result = trusting_both()->validate_access_token(
      token_of(test::kServer),
      {.required_claims = {"tenant"}, .scopes_anyof = {"write"}, .do_remote_revocation_check = true});
  EXPECT_THAT(result, FailsWith(Errc::kScopeNotGranted));
  EXPECT_EQ(first_->asked.scopes_anyof, std::vector<std::string>{"write"});
  EXPECT_EQ(first_->asked.required_claims, std::vector<std::string>{"tenant"});
  EXPECT_EQ(log_.of("TOKEN_INVALID_BAD_SCOPE").size(), 1U);
}

TEST_F(MultiIssuerValidatorTest, LogsSuccessesUnlessToldNotTo) {
  judges({"MIV-015"});
  ASSERT_THAT(trusting_both()->validate_access_token(token_of(test::kServer), {}), IsOk());
  const auto logged = log_.of("TOKEN_VALID");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged[0].level, oidc::LogLevel::kInfo);
  EXPECT_EQ(logged[0].record.at("jwt_payload").at("cid"), "client");
  EXPECT_EQ(log_.text().find("secret-subject"), std::string::npos);
  ASSERT_THAT(trusting_both({.log_result = false})->validate_access_token(token_of(test::kServer), {}), IsOk());
  EXPECT_EQ(log_.entries().size(), 1U);
}

TEST_F(MultiIssuerValidatorTest, LogsRefusedTokensAndNoOtherFailures) {
  judges({"MIV-016"});
  const auto validator = trusting_both({.log_result = false});
  first_->local = oidc::Error{Errc::kTokenExpired, "expired"};
  EXPECT_THAT(validator->validate_access_token(token_of(test::kServer), {}), FailsWith(Errc::kTokenExpired));
  ASSERT_EQ(log_.entries().size(), 1U);
  EXPECT_EQ(log_.entries()[0].event, "TOKEN_INVALID_EXPIRED");
  EXPECT_EQ(log_.entries()[0].level, oidc::LogLevel::kWarning);
  first_->local = oidc::Error{Errc::kConnectFailed, "down"};
  EXPECT_THAT(validator->validate_access_token(token_of(test::kServer), {}), FailsWith(Errc::kConnectFailed));
  EXPECT_THAT(validator->validate_access_token("", {}), FailsWith(Errc::kInvalidArgument));
  EXPECT_EQ(log_.entries().size(), 1U) << log_.text();
}

/// With real clients, over a transport that notes whom they ask.
class RealIssuersTest : public MultiIssuerValidatorTest {
 protected:
  std::shared_ptr<AuthClient> client_of(const std::string& server, const Json& more = Json::object()) {
    Json config{{"client_type", "oidc_device_code"}, {"auth_server", server}, {"client_id", "id"}};
    config["audiences"] = Json::array({"api"});
    config.update(more);
    return client(config);
  }
  std::string fresh_token(const std::string& issuer, const std::string& scope = "read") {
    const std::int64_t now = oidc::epoch_seconds(clock_.now()).count();
    return make_token(
        SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}},
        {{"iss", issuer}, {"sub", "a"}, {"aud", "api"}, {"scope", scope}, {"iat", now}, {"exp", now + 60}});
  }
  void answer_keys() { answer_json(200, {{"keys", Json::array({SigningKey::rsa().jwk("k")})}}); }
};

TEST_F(RealIssuersTest, AskForMetadataAtConstructionOnlyIfTheIssuerIsNotConfigured) {
  judges({"MIV-005"});
  answer_metadata();
  const auto validator = trusting({client_of(test::kServer), client_of(kOther, {{"issuer", kOther}})});
  ASSERT_EQ(http_.count(), 1U);
  EXPECT_EQ(http_.request(0).url, test::kServer + "/.well-known/openid-configuration");
}

TEST_F(RealIssuersTest, AreAskedForKeysOnlyIfTheTokenIsTheirs) {
  judges({"MIV-007", "MIV-008", "MIV-014"});
  const auto validator =
      trusting({client_of(test::kServer, {{"issuer", test::kServer}, {"jwks_endpoint", test::kServer + "/jwks"}}),
                client_of(kOther, {{"issuer", kOther}, {"jwks_endpoint", kOther + "/jwks"}})});
  EXPECT_THAT(validator->validate_access_token(fresh_token("https://evil.test"), {}), FailsWith(Errc::kBadIssuer));
  EXPECT_EQ(http_.count(), 0U);
  answer_keys();
  EXPECT_THAT(validator->validate_access_token(fresh_token(kOther), {.scopes_anyof = {"read"}}), IsOk());
  EXPECT_THAT(validator->validate_access_token(fresh_token(kOther), {.scopes_anyof = {"write"}}),
              FailsWith(Errc::kScopeNotGranted));
  ASSERT_EQ(http_.count(), 1U);
  EXPECT_EQ(http_.request(0).url, kOther + "/jwks");
}

TEST_F(RealIssuersTest, ComeFromContextsToo) {
  judges({"MIV-001"});
  const Json config{{"client_type", "oidc_device_code"}, {"auth_server", test::kServer},
                    {"issuer", test::kServer},           {"client_id", "id"},
                    {"audiences", Json::array({"api"})}, {"jwks_endpoint", test::kServer + "/jwks"}};
  const std::shared_ptr<Auth> context = Auth::from_config(config, {}, environment()).value();
  const auto validator = MultiIssuerValidator::from_contexts({nullptr, context}, {}, {}).value();
  answer_keys();
  EXPECT_THAT(validator->validate_access_token(fresh_token(test::kServer), {}), IsOk());
}

}  // namespace
}  // namespace authcore
