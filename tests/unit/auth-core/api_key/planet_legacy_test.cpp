#include "key_world.hpp"
#include "oidc/base64url.hpp"

namespace authcore::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string jwt_of(const Json& claims) {
  return oidc::base64url_encode(R"({"alg":"none"})") + "." + oidc::base64url_encode(oidc::to_text(claims)) + ".";
}

class PlanetLegacy : public KeyWorld {
 protected:
  static Json config() {
    return {{"client_type", "planet_legacy"}, {"legacy_auth_endpoint", "https://api.test/v0/auth/login"}};
  }
  static LoginOptions account() {
    LoginOptions options;
    options.username = "ann@example";
    options.password = "pass-word";
    return options;
  }
  void answer(const Json& body, int status = 200) { http_.answer(oidc::test::json_reply(status, body)); }

  const std::string jwt_ = jwt_of({{"api_key", "k-1"}});
};

TEST_F(PlanetLegacy, ExchangesUserNameAndPasswordForAKey) {
  judges({"LEG-001", "LEG-002", "LEG-004"});
  const auto auth = context(config());
  answer({{"token", jwt_}});
  const auto credential = auth->login(account());
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->api_key(), "k-1");
  EXPECT_EQ(credential->legacy_jwt(), jwt_);
  EXPECT_EQ(storage_->stored(kKey), (Json{{"key", "k-1"}, {"jwt", jwt_}}));
  EXPECT_EQ(header_of(*auth), "api-key k-1");

  const oidc::HttpRequest request = http_.request(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.test/v0/auth/login");
  EXPECT_EQ(oidc::media_type(request.headers), "application/json");
  EXPECT_EQ(oidc::parse_json(request.body).value(), (Json{{"email", "ann@example"}, {"password", "pass-word"}}));
}

TEST_F(PlanetLegacy, AsksForWhatIsMissingIfItMay) {
  judges({"LEG-003", "D-22"});
  const auto auth = context(config());
  std::vector<std::pair<std::string, bool>> asked;
  LoginOptions options;
  options.allow_tty_prompt = true;
  options.prompt = [&](const std::string& question, bool is_secret) {
    asked.emplace_back(question, is_secret);
    return oidc::Result<std::string>{is_secret ? "typed-word" : "bob@example"};
  };
  answer({{"token", jwt_}});
  ASSERT_THAT(auth->login(options), IsOk());
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_FALSE(asked[0].second);
  EXPECT_TRUE(asked[1].second) << "a password is not shown";
  EXPECT_EQ(oidc::parse_json(http_.request(0).body).value(),
            (Json{{"email", "bob@example"}, {"password", "typed-word"}}));
}

TEST_F(PlanetLegacy, FailsInsteadOfAskingWithoutPermission) {
  judges({"LEG-003", "AUTH-018", "D-22"});
  const auto auth = context(config());
  LoginOptions options;
  options.prompt = [](const std::string&, bool) -> oidc::Result<std::string> {
    ADD_FAILURE() << "asked without permission";
    return std::string{"x"};
  };
  EXPECT_THAT(auth->login(options), FailsWith(Errc::kInteractionRequired));
  options.username = "ann@example";
  EXPECT_THAT(auth->login(options), FailsWith(Errc::kInteractionRequired)) << "half an account is none";
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready(options), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(PlanetLegacy, PassesOnThatTheUserGaveUp) {
  judges({"LEG-003"});
  LoginOptions options;
  options.allow_tty_prompt = true;
  options.prompt = [](const std::string&, bool) {
    return oidc::Result<std::string>{Error{Errc::kCancelled, "the user gave up"}};
  };
  EXPECT_THAT(context(config())->login(options), FailsWith(Errc::kCancelled));
  options.prompt = [](const std::string&, bool) { return oidc::Result<std::string>{std::string{}}; };
  EXPECT_THAT(context(config())->login(options), FailsWith(Errc::kInvalidArgument));
}

TEST_F(PlanetLegacy, KeyOfTheConfigurationBeatsAllOthersAndIsReady) {
  judges({"LEG-005", "FACT-011"});
  Json with_key = config();
  with_key["api_key"] = "k-config";
  storage_->put(kKey, {{"key", "k-stored"}});
  const auto auth = context(with_key);
  EXPECT_FALSE(auth->client().can_login_unattended());
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(auth->ensure_request_authenticator_is_ready({}), IsOk());
  EXPECT_EQ(header_of(*auth), "api-key k-config");
  EXPECT_THAT(storage_->take_operations(), IsEmpty());
}

TEST_F(PlanetLegacy, IsReadyWithAStoredKeyOnly) {
  judges({"LEG-005", "AUTH-011"});
  const auto auth = context(config());
  EXPECT_FALSE(auth->request_authenticator_is_ready());
  storage_->put(kKey, {{"key", "k-stored"}});
  EXPECT_TRUE(auth->request_authenticator_is_ready());
}

TEST_F(PlanetLegacy, ReadsTheStoredKeyOnce) {
  judges({"LEG-006"});
  storage_->put(kKey, {{"key", "k-1"}, {"jwt", jwt_}});
  const auto auth = context(config());
  EXPECT_EQ(header_of(*auth), "api-key k-1");
  storage_->put(kKey, {{"key", "k-2"}});
  EXPECT_EQ(header_of(*auth), "api-key k-1");
  EXPECT_EQ(header_of(*context(config())), "api-key k-2");
}

TEST_F(PlanetLegacy, SaysSoWhenThereIsNoKey) {
  judges({"LEG-006", "D-10"});
  EXPECT_EQ(header_of(*context(config())), "error no_credential");
  storage_->put(kKey, {{"jwt", "j"}});
  EXPECT_EQ(header_of(*context(config())), "error corrupt_storage");
}

struct BadReply {
  const char* name;
  oidc::HttpResponse response;
  Errc expected;
};
void PrintTo(const BadReply& c, std::ostream* out) {
  *out << c.name;
}
class BadLegacyReply : public PlanetLegacy, public ::testing::WithParamInterface<BadReply> {};

TEST_P(BadLegacyReply, IsATypedErrorWithoutThePassword) {
  judges({"LEG-002", "LEG-007"});
  const auto auth = context(config());
  http_.answer(GetParam().response);
  const auto credential = auth->login(account());
  EXPECT_THAT(credential, FailsWith(GetParam().expected, Not(HasSubstr("pass-word"))));
  EXPECT_EQ(header_of(*auth), "error no_credential");
  EXPECT_THAT(events_.text(), Not(HasSubstr("pass-word")));
}
INSTANTIATE_TEST_SUITE_P(
    Replies, BadLegacyReply,
    ::testing::Values(
        BadReply{"unauthorized", {401, {}, "no"}, Errc::kServer},
        BadReply{"server_error", {500, {}, ""}, Errc::kServerError},
        BadReply{"quotes_the_password",
                 oidc::test::json_reply(400, {{"error", "bad"}, {"error_description", "not pass-word"}}),
                 Errc::kOAuthError},
        BadReply{"no_json", {200, {{"Content-Type", "text/html"}}, "<p>"}, Errc::kMalformedResponse},
        BadReply{"no_token", oidc::test::json_reply(200, {{"key", "k"}}), Errc::kMalformedResponse},
        BadReply{"token_a_number", oidc::test::json_reply(200, {{"token", 5}}), Errc::kMalformedResponse},
        BadReply{"token_no_jwt", oidc::test::json_reply(200, {{"token", "opaque"}}), Errc::kMalformedResponse},
        BadReply{"no_key", oidc::test::json_reply(200, {{"token", jwt_of({{"sub", "ann"}})}}),
                 Errc::kMalformedResponse},
        BadReply{"key_a_number", oidc::test::json_reply(200, {{"token", jwt_of({{"api_key", 5}})}}),
                 Errc::kMalformedResponse},
        BadReply{"key_that_breaks_out", oidc::test::json_reply(200, {{"token", jwt_of({{"api_key", "k\r\nX: 1"}})}}),
                 Errc::kMalformedResponse}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(PlanetLegacy, TellsThatTheServerIsOutOfReach) {
  judges({"LEG-007", "W-37"});
  http_.answer(oidc::test::lost_reply());
  EXPECT_THAT(context(config())->login(account()), FailsWith(Errc::kNetwork));
  EXPECT_EQ(http_.count(), 1U);
}

TEST_F(PlanetLegacy, ConfigurationNeedsAnEndpointThatIsSecure) {
  judges({"LEG-001", "CFG-017"});
  const Json without_key{{"client_type", "planet_legacy"}, {"legacy_auth_endpoint", "https://api.test/"}};
  EXPECT_THAT(make_client(without_key, environment_), IsOk());
  Json bad = {{"client_type", "planet_legacy"}, {"legacy_auth_endpont", "https://api.test/"}};
  EXPECT_THAT(make_client(bad, environment_),
              FailsWith(Errc::kConfig, ::testing::AllOf(HasSubstr("legacy_auth_endpoint"), HasSubstr("endpont"))));
  for (const Json& value : Json::array({"http://api.test/", 5, "api.test"})) {
    bad["legacy_auth_endpoint"] = value;
    EXPECT_THAT(make_client(bad, environment_), FailsWith(Errc::kConfig, HasSubstr("legacy_auth_endpoint"))) << value;
  }
}

}  // namespace
}  // namespace authcore::test
