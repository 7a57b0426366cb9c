#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "private_key_texts.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Form;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using oidc::test::SigningKey;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ResourceOwnerTest : public test::ClientWorld {
 protected:
  void answer_login() {
    answer_metadata();
    answer_json(200, test::token_response());
  }
  /// Answers what it is asked for, and notes it.
  LoginOptions with_prompt() {
    LoginOptions options;
    options.allow_tty_prompt = true;
    options.prompt = [this](const std::string& question, bool is_secret) -> oidc::Result<std::string> {
      questions_.push_back(question + (is_secret ? " (hidden)" : ""));
      return std::string{is_secret ? "typed-password" : "typed-user"};
    };
    return options;
  }

  Json config_{{"client_type", "oidc_resource_owner"}, {"auth_server", test::kServer}, {"client_id", "id"}};
  std::vector<std::string> questions_;
};

TEST_F(ResourceOwnerTest, SendsUsernameAndPasswordAndWhatLoginsSend) {
  judges({"RO-001", "TOK-005", "CFG-003", "CFG-004", "CAUTH-001"});
  config_.update({{"username", "alice"},
                  {"password", "s3 cret"},
                  {"scopes", Json::array({"a", "b"})},
                  {"audiences", Json::array({"api"})},
                  {"project_id", "p"}});
  answer_login();
  const auto credential = client(config_)->login({});
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->access_token(), "at-1");
  const Form expected{{"project_id", "p"},   {"scope", "a b"},        {"audience", "api"}, {"grant_type", "password"},
                      {"username", "alice"}, {"password", "s3 cret"}, {"client_id", "id"}};
  EXPECT_EQ(http_.form(1), expected);
  EXPECT_FALSE(http_.request(1).headers.contains("Authorization"));
}

TEST_F(ResourceOwnerTest, ProvesWhoItIsAsItsTypeSays) {
  judges({"RO-001", "CAUTH-002", "CAUTH-005"});
  config_.update({{"username", "u"}, {"password", "p"}, {"client_secret", "s"}});
  config_["client_type"] = "oidc_resource_owner_secret";
  answer_login();
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:s"));
  EXPECT_EQ(http_.form(1).size(), 3U);
  config_["client_type"] = "oidc_resource_owner_pubkey";
  config_["client_privkey"] = oidc::test::pkcs8_pem(SigningKey::rsa().handle());
  answer_login();
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(http_.form(3).size(), 5U);
  EXPECT_TRUE(http_.form(3).contains("client_assertion"));
}

TEST_F(ResourceOwnerTest, PrefersTheCallToTheConfigurationToThePrompt) {
  judges({"RO-002", "CFG-014"});
  config_["username"] = "configured";
  answer_login();
  LoginOptions options = with_prompt();
  ASSERT_THAT(client(config_)->login(options), IsOk());
  EXPECT_THAT(questions_, ElementsAre("Password (hidden)"));
  EXPECT_EQ(http_.form(1).get("username"), "configured");
  EXPECT_EQ(http_.form(1).get("password"), "typed-password");
  options.username = "given";
  options.password = "given-password";
  answer_login();
  ASSERT_THAT(client(config_)->login(options), IsOk());
  EXPECT_EQ(questions_.size(), 1U);
  EXPECT_EQ(http_.form(3).get("username"), "given");
  EXPECT_EQ(http_.form(3).get("password"), "given-password");
}

TEST_F(ResourceOwnerTest, AsksForBothIfItKnowsNeither) {
  judges({"RO-002", "CFG-014"});
  answer_login();
  ASSERT_THAT(client(config_)->login(with_prompt()), IsOk());
  EXPECT_THAT(questions_, ElementsAre("Username", "Password (hidden)"));
  EXPECT_EQ(http_.form(1).get("username"), "typed-user");
}

TEST_F(ResourceOwnerTest, NeitherAsksNorSendsWithoutPermission) {
  judges({"RO-002", "CFG-014"});
  LoginOptions forbidden = with_prompt();
  forbidden.allow_tty_prompt = false;
  LoginOptions without_prompt;
  without_prompt.allow_tty_prompt = true;
  config_["username"] = "alice";
  for (const LoginOptions& options : {LoginOptions{}, forbidden, without_prompt}) {
    EXPECT_THAT(client(config_)->login(options), FailsWith(Errc::kInteractionRequired));
  }
  EXPECT_EQ(questions_.size(), 0U);
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(ResourceOwnerTest, SendsNothingIfThePromptFailsOrIsLeftEmpty) {
  judges({"RO-002"});
  LoginOptions options = with_prompt();
  options.prompt = [](const std::string&, bool) -> oidc::Result<std::string> {
    return oidc::Error{Errc::kCancelled, "no"};
  };
  EXPECT_THAT(client(config_)->login(options), FailsWith(Errc::kCancelled));
  options.prompt = [](const std::string&, bool) -> oidc::Result<std::string> { return std::string{}; };
  EXPECT_THAT(client(config_)->login(options), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(ResourceOwnerTest, IsUnattendedOnlyWithBothConfigured) {
  judges({"FACT-011"});
  EXPECT_FALSE(client(config_)->can_login_unattended());
  config_["username"] = "u";
  EXPECT_FALSE(client(config_)->can_login_unattended());
  config_["user_password"] = "p";
  EXPECT_TRUE(client(config_)->can_login_unattended());
  config_.erase("username");
  EXPECT_FALSE(client(config_)->can_login_unattended());
}

TEST_F(ResourceOwnerTest, LoadsBothSpellings) {
  judges({"CFG-015"});
  config_.update({{"user_name", "alice"}, {"user_password", "pw"}});
  answer_login();
  ASSERT_THAT(client(config_)->login({}), IsOk());
  EXPECT_EQ(http_.form(1).get("username"), "alice");
  EXPECT_EQ(http_.form(1).get("password"), "pw");
}

TEST_F(ResourceOwnerTest, LetsNoExtraOverrideTheProtocol) {
  judges({"TOK-008"});
  config_.update({{"username", "alice"}, {"password", "pw"}});
  LoginOptions options;
  options.extra = {{"grant_type", "x"}, {"username", "x"}, {"password", "x"}, {"client_id", "x"}, {"resource", "r"}};
  answer_login();
  ASSERT_THAT(client(config_)->login(options), IsOk());
  const Form expected{
      {"grant_type", "password"}, {"username", "alice"}, {"password", "pw"}, {"client_id", "id"}, {"resource", "r"}};
  EXPECT_EQ(http_.form(1), expected);
}

TEST_F(ResourceOwnerTest, NeverShowsThePassword) {
  config_.update({{"username", "alice"}, {"password", "hunter-2"}});
  answer_metadata();
  answer_json(400, {{"error", "invalid_grant"}, {"error_description", "hunter-2 is wrong"}});
  EXPECT_THAT(client(config_)->login({}), FailsWith(Errc::kInvalidGrant, Not(HasSubstr("hunter-2"))));
}

TEST_F(ResourceOwnerTest, RefusesAWrongIdToken) {
  judges({"W-06"});
  config_.update({{"username", "alice"}, {"password", "pw"}});
  const auto now = oidc::epoch_seconds(test::kStart).count();
  Json claims{{"iss", test::kServer}, {"sub", "alice"}, {"aud", "id"}, {"iat", now}, {"exp", now + 60}};
  const auto answer_id_token = [&] {
    Json response = test::token_response();
    response["id_token"] =
        oidc::test::make_token(SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "k"}}, claims);
    answer_metadata();
    answer_json(200, response);
    answer_json(200, {{"keys", Json::array({SigningKey::p256().jwk("k")})}});
  };
  answer_id_token();
  EXPECT_THAT(client(config_)->login({}), IsOk());
  claims["aud"] = "another";
  answer_id_token();
  EXPECT_THAT(client(config_)->login({}), FailsWith(Errc::kBadAudience));
}

}  // namespace
}  // namespace authcore
