#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;

class ClientCredentialsTest : public test::ClientWorld {
 protected:
  Json config_{{"client_type", "oidc_client_credentials_secret"},
               {"auth_server", test::kServer},
               {"client_id", "id"},
               {"client_secret", "se cret"}};
};

TEST_F(ClientCredentialsTest, PostsTheSecretInTheBody) {
  judges({"D-25", "CAUTH-003", "TOK-004", "TOK-007", "CC-001"});
  answer_metadata();
  answer_json(200, test::token_response());
  const auto credential = client(config_)->login({});
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->access_token(), "at-1");
  EXPECT_EQ(credential->expires_at(), test::kStart + 1h);
  const oidc::Form expected{{"grant_type", "client_credentials"}, {"client_id", "id"}, {"client_secret", "se cret"}};
  EXPECT_EQ(http_.form(1), expected);
  EXPECT_FALSE(http_.request(1).headers.contains("Authorization"));
}

TEST_F(ClientCredentialsTest, UsesTheMethodItIsToldTo) {
  config_["client_auth_method"] = "client_secret_basic";
  answer_metadata();
  answer_json(200, test::token_response());
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:se+cret"));
  EXPECT_FALSE(http_.form(1).contains("client_secret"));
}

TEST_F(ClientCredentialsTest, FallsBackToTheConfiguredScopesAndAudience) {
  judges({"CFG-003", "CFG-004", "TOK-004", "TOK-007"});
  config_["scopes"] = Json::array({"a", "b"});
  config_["audiences"] = Json::array({"api"});
  config_["project_id"] = "p";
  config_["organization"] = "o";
  answer_metadata();
  answer_json(200, test::token_response());
  answer_json(200, test::token_response());
  const auto under_test = client(config_);
  ASSERT_THAT(under_test->login({}), IsOk());
  EXPECT_EQ(http_.form(1).get("scope"), "a b");
  EXPECT_EQ(http_.form(1).get("audience"), "api");
  EXPECT_EQ(http_.form(1).get("project_id"), "p");
  EXPECT_EQ(http_.form(1).get("organization"), "o");
  LoginOptions options;
  options.scopes = {"c"};
  options.audience = "other";
  options.extra.add("organization", "mine");
  ASSERT_THAT(under_test->login(options), IsOk());
  EXPECT_EQ(http_.form(2).get("scope"), "c");
  EXPECT_EQ(http_.form(2).get("audience"), "other");
  EXPECT_EQ(http_.form(2).get("organization"), "mine");
  EXPECT_EQ(http_.form(2).count("organization"), 1U);
}

TEST_F(ClientCredentialsTest, LetsNoExtraOverrideTheProtocol) {
  judges({"TOK-008"});
  answer_metadata();
  answer_json(200, test::token_response());
  LoginOptions options;
  options.extra = {{"grant_type", "password"}, {"client_id", "x"}, {"resource", "r1"}, {"resource", "r2"}};
  ASSERT_THAT(client(config_)->login(options), IsOk());
  EXPECT_EQ(http_.form(1).count("grant_type"), 1U);
  EXPECT_EQ(http_.form(1).get("grant_type"), "client_credentials");
  EXPECT_EQ(http_.form(1).get("client_id"), "id");
  EXPECT_EQ(http_.form(1).count("resource"), 2U);
}

TEST_F(ClientCredentialsTest, TakesATokenOfNoLifeForAnExpiredOne) {
  judges({"TOK-010", "D-13"});
  Json response = test::token_response();
  response["expires_in"] = 0;
  answer_metadata();
  answer_json(200, response);
  const auto credential = client(config_)->login({});
  ASSERT_THAT(credential, IsOk());
  EXPECT_TRUE(credential->is_expired(test::kStart));
}

TEST_F(ClientCredentialsTest, PassesTheServersErrorOn) {
  judges({"TOK-009"});
  answer_metadata();
  answer_json(401, {{"error", "invalid_client"}});
  EXPECT_THAT(client(config_)->login({}), FailsWith(Errc::kOAuthError));
}

}  // namespace
}  // namespace authcore
