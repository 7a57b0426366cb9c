#include "flows/device_code.hpp"

#include <ostream>

#include "device_fixture.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using test::device_response;
using test::device_response_with;
using test::DeviceCodeTest;
using testing::HasSubstr;

struct BadCase {
  const char* name;
  const char* member;
  Json value;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  *out << c.name;
}
class BadDeviceResponse : public testing::TestWithParam<BadCase> {};

TEST_P(BadDeviceResponse, IsMalformedAndNamesTheMember) {
  judges({"DEV-003"});
  EXPECT_THAT(parse_device_authorization(device_response_with(GetParam().member, GetParam().value), test::kStart),
              FailsWith(Errc::kMalformedResponse, HasSubstr(GetParam().member)));
}

INSTANTIATE_TEST_SUITE_P(
    Rfc8628Section32, BadDeviceResponse,
    testing::Values(BadCase{"no_device_code", "device_code", nullptr}, BadCase{"empty_device_code", "device_code", ""},
                    BadCase{"no_user_code", "user_code", nullptr}, BadCase{"user_code_a_number", "user_code", 7},
                    BadCase{"user_code_with_escape", "user_code", "A\x1b[2J"},
                    BadCase{"no_uri", "verification_uri", nullptr},
                    BadCase{"uri_of_another_scheme", "verification_uri", "javascript:alert(1)"},
                    BadCase{"uri_of_a_file", "verification_uri", "file:///etc/passwd"},
                    BadCase{"uri_with_line_break", "verification_uri", "https://as.test/\nrun me"},
                    BadCase{"complete_uri_of_another_scheme", "verification_uri_complete", "x-app://run"},
                    BadCase{"no_lifetime", "expires_in", nullptr}, BadCase{"no_life", "expires_in", 0},
                    BadCase{"lifetime_in_words", "expires_in", "ten"}),
    [](const auto& tested) { return tested.param.name; });

TEST(DeviceResponse, IsKeptAsReceived) {
  judges({"DEV-001", "DEV-003", "D-21"});
  const auto authorization = parse_device_authorization(device_response(), test::kStart);
  ASSERT_THAT(authorization, IsOk());
  EXPECT_EQ(authorization->response, device_response());
  EXPECT_EQ(authorization->user_code, "ABCD-EFGH");
  EXPECT_EQ(authorization->verification_uri, "https://as.test/activate");
  EXPECT_EQ(authorization->verification_uri_complete, "https://as.test/activate?user_code=ABCD-EFGH");
  EXPECT_EQ(authorization->expires_at, test::kStart + 600s);
}

TEST(DeviceResponse, HasAnIntervalOf5SecondsByDefaultAndOf1AtLeast) {
  judges({"DEV-006", "DEV-012", "D-21", "W-30"});
  const auto interval = [](const Json& value) {
    return parse_device_authorization(device_response_with("interval", value), test::kStart).value().interval;
  };
  EXPECT_EQ(interval(nullptr), 5s);
  EXPECT_EQ(interval("soon"), 5s);
  EXPECT_EQ(interval(0), 1s);
  EXPECT_EQ(interval(1), 1s);
  EXPECT_EQ(interval(7), 7s);
}

TEST_F(DeviceCodeTest, AsksForACodeAndPollsWithIt) {
  judges({"DEV-002", "DEV-004", "TOK-006", "CAUTH-001"});
  EXPECT_THAT(poll([&] { answer_tokens(); }), IsOk());
  EXPECT_EQ(http_.request(1).url, test::kServer + "/device");
  EXPECT_EQ(http_.form(1), (oidc::Form{{"scope", "planet offline_access"}, {"client_id", "id"}}));
  EXPECT_EQ(http_.form(2), (oidc::Form{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                       {"device_code", "dc-1"},
                                       {"client_id", "id"}}));
}

TEST_F(DeviceCodeTest, ProvesItselfAtBothEndpointsWithASecret) {
  judges({"DEV-002", "DEV-015", "CAUTH-002"});
  config_["client_type"] = "oidc_device_code_secret";
  config_["client_secret"] = "secret";
  EXPECT_THAT(poll([&] { answer_tokens(); }), IsOk());
  for (const std::size_t index : {1U, 2U}) {
    EXPECT_EQ(http_.request(index).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
    EXPECT_FALSE(http_.form(index).contains("client_id"));
  }
}

TEST_F(DeviceCodeTest, AsksWithAudienceAndExtrasWhichOverrideNoProtocolParameter) {
  judges({"DEV-002"});
  answer_metadata();
  answer_json(200, device_response());
  options_.audience = "api";
  options_.extra = {{"client_id", "x"}, {"resource", "r1"}};
  ASSERT_THAT(client(config_)->device_login_initiate(options_), IsOk());
  EXPECT_EQ(http_.form(1).get("audience"), "api");
  EXPECT_EQ(http_.form(1).get("resource"), "r1");
  EXPECT_EQ(http_.form(1).count("client_id"), 1U);
  EXPECT_EQ(http_.form(1).get("client_id"), "id");
}

TEST_F(DeviceCodeTest, NeedsBackWhatInitiationGave) {
  EXPECT_THAT(client(config_)->device_login_complete({}), FailsWith(Errc::kInvalidArgument));
}

TEST_F(DeviceCodeTest, LogsInOnlyIfItMayPrompt) {
  judges({"DEV-013"});
  options_.allow_open_browser = true;
  EXPECT_THAT(client(config_)->login(options_), FailsWith(Errc::kInteractionRequired));
  options_.allow_tty_prompt = true;
  options_.show = nullptr;
  EXPECT_THAT(client(config_)->login(options_), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(DeviceCodeTest, ShowsWhereToGoAndWhatToEnter) {
  judges({"DEV-014"});
  answer_metadata();
  answer_json(200, device_response());
  answer_tokens();
  options_.allow_tty_prompt = true;
  ASSERT_THAT(client(config_)->login(options_), IsOk());
  EXPECT_THAT(shown_, HasSubstr("https://as.test/activate"));
  EXPECT_THAT(shown_, HasSubstr("ABCD-EFGH"));
  EXPECT_THAT(shown_, testing::Not(HasSubstr("dc-1")));
}

TEST_F(DeviceCodeTest, OpensTheCompleteUriIfItMayAndGoesOnIfThatFails) {
  judges({"DEV-014"});
  answer_metadata();
  answer_json(200, device_response());
  answer_tokens();
  std::string opened;
  options_.allow_tty_prompt = true;
  options_.allow_open_browser = true;
  options_.open_browser = [&](const std::string& url) {
    opened = url;
    return oidc::Status{oidc::Error{Errc::kUnknown, "no browser"}};
  };
  ASSERT_THAT(client(config_)->login(options_), IsOk());
  EXPECT_EQ(opened, "https://as.test/activate?user_code=ABCD-EFGH");
}

TEST_F(DeviceCodeTest, OpensThePlainUriIfThereIsNoCompleteOne) {
  judges({"DEV-014"});
  answer_metadata();
  answer_json(200, device_response_with("verification_uri_complete", nullptr));
  answer_tokens();
  std::string opened;
  options_.allow_tty_prompt = true;
  options_.allow_open_browser = true;
  options_.open_browser = [&](const std::string& url) {
    opened = url;
    return oidc::Status{oidc::Done{}};
  };
  ASSERT_THAT(client(config_)->login(options_), IsOk());
  EXPECT_EQ(opened, "https://as.test/activate");
  EXPECT_THAT(shown_, HasSubstr("ABCD-EFGH"));
}

TEST_F(DeviceCodeTest, LeavesShowingToACallerWhoDoesItInAnotherWay) {
  judges({"DEV-014"});
  answer_metadata();
  answer_json(200, device_response());
  answer_tokens();
  options_.allow_tty_prompt = true;
  std::string code;
  options_.show_device_code = [&](const DeviceAuthorization& authorization) { code = authorization.user_code; };
  ASSERT_THAT(client(config_)->login(options_), IsOk());
  EXPECT_EQ(code, "ABCD-EFGH");
  EXPECT_EQ(shown_, "");
}

TEST_F(DeviceCodeTest, OpensNoBrowserUnasked) {
  judges({"DEV-014"});
  answer_metadata();
  answer_json(200, device_response());
  answer_tokens();
  options_.allow_tty_prompt = true;
  options_.open_browser = [](const std::string&) {
    ADD_FAILURE() << "opened a browser";
    return oidc::Status{oidc::Done{}};
  };
  EXPECT_THAT(client(config_)->login(options_), IsOk());
}

TEST_F(DeviceCodeTest, SaysThatTheServerHasNoDeviceFlow) {
  Json metadata = test::metadata();
  metadata.erase("device_authorization_endpoint");
  answer_json(200, metadata);
  EXPECT_THAT(client(config_)->device_login_initiate({}), FailsWith(Errc::kUnsupportedByServer));
}

Json response_with_id_token(const std::string& audience) {
  Json claims{{"iss", test::kServer}, {"sub", "alice"}, {"aud", audience}};
  claims["iat"] = oidc::epoch_seconds(test::kStart).count();
  claims["exp"] = oidc::epoch_seconds(test::kStart).count() + 600;
  Json response = test::token_response();
  response["id_token"] =
      oidc::test::make_token(oidc::test::SigningKey::p256(), "ES256", {{"alg", "ES256"}, {"kid", "k"}}, claims);
  return response;
}
const Json& keys() {
  static const Json kKeys{{"keys", Json::array({oidc::test::SigningKey::p256().jwk("k")})}};
  return kKeys;
}

TEST_F(DeviceCodeTest, RefusesAnIdTokenThatIsNotForThisClient) {
  judges({"W-06"});
  EXPECT_THAT(poll([&] {
                answer_json(200, response_with_id_token("other"));
                answer_json(200, keys());
              }),
              FailsWith(Errc::kBadAudience));
}

TEST_F(DeviceCodeTest, CountsTheLifetimeFromTheReplyHoweverLongTheKeysTake) {
  judges({"CRED-009"});
  const auto credential = poll([&] {
    answer_json(200, response_with_id_token("id"));
    http_.answer_with([this](const oidc::HttpRequest&) {
      clock_.sleep_for(20s);
      return oidc::test::json_reply(200, keys());
    });
  });
  ASSERT_THAT(credential, IsOk());
  EXPECT_EQ(credential->expires_at(), test::kStart + 5s + 3600s);
}

}  // namespace
}  // namespace authcore
