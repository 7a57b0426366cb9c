#include "authcore/multi_issuer_validator.hpp"
#include "client_world.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"
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

/// Validators that are built from what is known of servers.
class MultiIssuerServersTest : public test::ClientWorld {
 protected:
  std::string token_of(const std::string& issuer) {
    const std::int64_t now = oidc::epoch_seconds(clock_.now()).count();
    return make_token(SigningKey::rsa(), "RS256", {{"alg", "RS256"}, {"kid", "k"}},
                      {{"iss", issuer}, {"sub", "a"}, {"aud", "api"}, {"iat", now}, {"exp", now + 60}});
  }
  void answer_keys() { answer_json(200, {{"keys", Json::array({SigningKey::rsa().jwk("k")})}}); }
};

TEST_F(MultiIssuerServersTest, AreTheirOwnIssuersAndAreContactedForATokenOnly) {
  judges({"MIV-003"});
  const auto made =
      MultiIssuerValidator::from_auth_server_urls({test::kServer, "https://other.test"}, "api", environment(), {});
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(http_.count(), 0U);
  answer_metadata();
  answer_keys();
  EXPECT_THAT((*made)->validate_access_token(token_of(test::kServer), {}), IsOk());
  EXPECT_THAT((*made)->validate_access_token(token_of(std::string{test::kServer} + "/"), {}),
              FailsWith(Errc::kBadIssuer));
}

TEST_F(MultiIssuerServersTest, OfSparseConfigurationsGetWhatIsMissingAndAreLeftAsTheyAre) {
  judges({"MIV-004", "W-33"});
  const std::vector<Json> configs{{{"auth_server", test::kServer}, {"audiences", Json::array({"api"})}}};
  const std::vector<Json> before = configs;
  const auto made = MultiIssuerValidator::from_auth_server_configs(configs, environment(), {});
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(http_.count(), 0U);
  EXPECT_EQ(configs, before);
  answer_metadata();
  answer_keys();
  EXPECT_THAT((*made)->validate_access_token(token_of(test::kServer), {}), IsOk());
}

TEST_F(MultiIssuerServersTest, WithoutAnAudienceAreRefusedAtOnce) {
  judges({"MIV-006", "D-35", "D-37"});
  EXPECT_THAT(MultiIssuerValidator::from_auth_server_urls({test::kServer}, "", environment(), {}),
              FailsWith(Errc::kConfig));
  for (const Json& audiences : {Json(nullptr), Json::array(), Json::array({nullptr})}) {
    EXPECT_THAT(MultiIssuerValidator::from_auth_server_configs(
                    {{{"auth_server", test::kServer}, {"audiences", audiences}}}, environment(), {}),
                FailsWith(Errc::kConfig))
        << audiences;
  }
}

}  // namespace
}  // namespace authcore
