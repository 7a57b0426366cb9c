#include "authcore/multi_issuer_validator.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/form.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;

const std::string kOtherServer = "https://other.test";

/// Validators made of no more than URLs or sparse configurations.
class MultiIssuerFactoriesTest : public test::ClientWorld {
 protected:
  MultiIssuerValidator::Made from_urls(const std::vector<std::string>& urls, const std::string& audience = "api") {
    return MultiIssuerValidator::from_auth_server_urls(urls, audience, environment(), {});
  }
  MultiIssuerValidator::Made from_configs(const std::vector<Json>& configs) {
    return MultiIssuerValidator::from_auth_server_configs(configs, environment(), {});
  }
  std::string token(const std::string& issuer, const std::string& audience = "api") {
    const std::int64_t now = oidc::epoch_seconds(clock_.now()).count();
    return oidc::test::make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}},
                                  {{"iss", issuer}, {"aud", audience}, {"iat", now}, {"exp", now + 60}});
  }
  void answer_metadata_of(const std::string& server) {
    Json all = test::metadata();
    all["issuer"] = server;
    all["introspection_endpoint"] = server + "/introspect";
    answer_json(200, all);
  }
  void answer_keys() { answer_json(200, {{"keys", Json::array({SigningKey::rsa().jwk("k")})}}); }
};

TEST_F(MultiIssuerFactoriesTest, UrlsAreIssuersAndNobodyIsAskedAtConstruction) {
  judges({"MIV-003"});
  const auto validator = from_urls({test::kServer, kOtherServer});
  ASSERT_THAT(validator, IsOk());
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata_of(test::kServer);
  answer_keys();
  EXPECT_THAT((*validator)->validate_access_token(token(test::kServer), {}), IsOk());
  EXPECT_THAT((*validator)->validate_access_token(token(test::kServer, "other"), {}), FailsWith(Errc::kBadAudience));
  EXPECT_THAT((*validator)->validate_access_token(token("https://third.test"), {}), FailsWith(Errc::kBadIssuer));
}

TEST_F(MultiIssuerFactoriesTest, UrlsNeedAnAudience) {
  judges({"MIV-006"});
  EXPECT_THAT(from_urls({test::kServer}, ""), FailsWith(Errc::kConfig, testing::HasSubstr("audience")));
}

TEST_F(MultiIssuerFactoriesTest, UrlsMustDiffer) {
  judges({"MIV-002"});
  EXPECT_THAT(from_urls({test::kServer, test::kServer}), FailsWith(Errc::kConfig));
  EXPECT_THAT(from_urls({}), FailsWith(Errc::kConfig));
}

TEST_F(MultiIssuerFactoriesTest, SparseConfigurationsSufficeAndStayAsTheyAre) {
  judges({"MIV-004"});
  const std::vector<Json> configs{
      {{"auth_server", test::kServer}, {"audiences", Json::array({"api"})}},
      {{"auth_server", kOtherServer}, {"audiences", Json::array({"other"})}, {"issuer", "https://iss.test"}}};
  const std::vector<Json> before = configs;
  const auto validator = from_configs(configs);
  ASSERT_THAT(validator, IsOk());
  EXPECT_EQ(http_.count(), 0U);
  EXPECT_EQ(configs, before);
  answer_metadata_of(kOtherServer);
  answer_keys();
  EXPECT_THAT((*validator)->validate_access_token(token("https://iss.test", "other"), {}), IsOk());
  EXPECT_THAT((*validator)->validate_access_token(token(kOtherServer, "other"), {}), FailsWith(Errc::kBadIssuer));
}

TEST_F(MultiIssuerFactoriesTest, ConfigurationsThatAreNoneAreRefused) {
  judges({"MIV-001"});
  EXPECT_THAT(from_configs({Json("text")}), FailsWith(Errc::kConfig));
  EXPECT_THAT(from_configs({Json{{"audiences", Json::array({"api"})}}}), FailsWith(Errc::kConfig));
  EXPECT_THAT(from_configs({Json{{"auth_server", test::kServer}}}), FailsWith(Errc::kConfig));
}

TEST_F(MultiIssuerFactoriesTest, TheRemoteCheckSaysNothingAboutAClient) {
  judges({"MIV-011", "MIV-017"});
  const auto validator = from_urls({test::kServer}).value();
  answer_metadata_of(test::kServer);
  answer_keys();
  answer_json(200, {{"active", false}});
  const std::string revoked = token(test::kServer);
  EXPECT_THAT(validator->validate_access_token(revoked, {.do_remote_revocation_check = true}),
              FailsWith(Errc::kIntrospectionRejected));
  ASSERT_EQ(http_.count(), 3U);
  EXPECT_EQ(http_.request(2).url, test::kServer + "/introspect");
  EXPECT_FALSE(http_.request(2).headers.get("Authorization"));
  EXPECT_EQ(http_.form(2).get("token"), revoked);
  EXPECT_FALSE(http_.form(2).contains("client_id"));
}

}  // namespace
}  // namespace authcore
