#include "flows/device_code.hpp"

#include <ostream>

#include "client_world.hpp"
#include "oidc/base64url.hpp"
#include "token_maker.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::with_header;
using testing::ElementsAre;
using testing::HasSubstr;

Json device_response() {
  return {{"device_code", "dc-1"},
          {"user_code", "ABCD-EFGH"},
          {"verification_uri", "https://as.test/activate"},
          {"verification_uri_complete", "https://as.test/activate?user_code=ABCD-EFGH"},
          {"expires_in", 600},
          {"interval", 5},
          {"x-kept", true}};
}
Json device_response_with(const std::string& name, const Json& value) {
  Json response = device_response();
  response[name] = value;
  return response;
}

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
  const auto authorization = parse_device_authorization(device_response(), test::kStart);
  ASSERT_THAT(authorization, IsOk());
  EXPECT_EQ(authorization->response, device_response());
  EXPECT_EQ(authorization->user_code, "ABCD-EFGH");
  EXPECT_EQ(authorization->verification_uri, "https://as.test/activate");
  EXPECT_EQ(authorization->verification_uri_complete, "https://as.test/activate?user_code=ABCD-EFGH");
  EXPECT_EQ(authorization->expires_at, test::kStart + 600s);
}

TEST(DeviceResponse, HasAnIntervalOf5SecondsByDefaultAndOf1AtLeast) {
  const auto interval = [](const Json& value) {
    return parse_device_authorization(device_response_with("interval", value), test::kStart).value().interval;
  };
  EXPECT_EQ(interval(nullptr), 5s);
  EXPECT_EQ(interval("soon"), 5s);
  EXPECT_EQ(interval(0), 1s);
  EXPECT_EQ(interval(1), 1s);
  EXPECT_EQ(interval(7), 7s);
}

class DeviceCodeTest : public test::ClientWorld {
 protected:
  DeviceCodeTest() {
    options_.show = [this](const std::string& text) { shown_ += text; };
  }

  void answer_error(const std::string& error) { answer_json(400, {{"error", error}}); }
  void answer_tokens() { answer_json(200, test::token_response()); }

  /// Metadata is answered first, then what `queue` adds after the device response.
  template <typename Queue>
  oidc::Result<Credential> poll(Queue queue, const Json& response = device_response()) {
    answer_metadata();
    answer_json(200, response);
    queue();
    const auto under_test = client(config_);
    return under_test->device_login_complete(under_test->device_login_initiate({}).value());
  }
  std::vector<double> poll_gaps() const {
    const std::vector<double> all = http_.gaps();
    return {all.begin() + 1, all.end()};
  }

  Json config_{{"client_type", "oidc_device_code"},
               {"auth_server", test::kServer},
               {"client_id", "id"},
               {"scopes", Json::array({"planet", "offline_access"})}};
  LoginOptions options_;
  std::string shown_;
};

TEST_F(DeviceCodeTest, AsksForACodeAndPollsWithIt) {
  EXPECT_THAT(poll([&] { answer_tokens(); }), IsOk());
  EXPECT_EQ(http_.request(1).url, test::kServer + "/device");
  EXPECT_EQ(http_.form(1), (oidc::Form{{"scope", "planet offline_access"}, {"client_id", "id"}}));
  EXPECT_EQ(http_.form(2), (oidc::Form{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                       {"device_code", "dc-1"},
                                       {"client_id", "id"}}));
}

TEST_F(DeviceCodeTest, ProvesItselfAtBothEndpointsWithASecret) {
  config_["client_type"] = "oidc_device_code_secret";
  config_["client_secret"] = "secret";
  EXPECT_THAT(poll([&] { answer_tokens(); }), IsOk());
  for (const std::size_t index : {1U, 2U}) {
    EXPECT_EQ(http_.request(index).headers.get("Authorization"), "Basic " + oidc::base64_encode("id:secret"));
    EXPECT_FALSE(http_.form(index).contains("client_id"));
  }
}

TEST_F(DeviceCodeTest, WaitsOneIntervalBeforeEachPoll) {
  EXPECT_THAT(poll([&] {
                answer_error("authorization_pending");
                answer_error("authorization_pending");
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 5, 5));
}

TEST_F(DeviceCodeTest, SlowsDownBy5SecondsForGood) {
  EXPECT_THAT(poll([&] {
                answer_error("slow_down");
                answer_error("authorization_pending");
                answer_error("slow_down");
                answer_error("authorization_pending");
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 10, 10, 15, 15));
}

TEST_F(DeviceCodeTest, SlowsDownToANamedIntervalIfThatIsLonger) {
  EXPECT_THAT(poll([&] {
                answer_json(400, {{"error", "slow_down"}, {"interval", 30}});
                answer_json(400, {{"error", "slow_down"}, {"interval", 1}});
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 30, 35));
}

TEST_F(DeviceCodeTest, GoesOnAfterLostRepliesBackingOff) {
  EXPECT_THAT(poll([&] {
                http_.answer(oidc::test::lost_reply());
                http_.answer(oidc::Error{Errc::kTimeout, "", "", 0, false});
                http_.answer(oidc::test::refused_connection());
                answer_error("authorization_pending");
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 10, 20, 40, 5));
}

TEST_F(DeviceCodeTest, GoesOnAfterServerErrorsAndThrottling) {
  EXPECT_THAT(poll([&] {
                http_.answer(oidc::HttpResponse{502, {{"Content-Type", "text/html"}}, "<html>"});
                answer_error("authorization_pending");
                http_.answer(oidc::HttpResponse{429, {}, ""});
                answer_json(503, {{"error", "temporarily_unavailable"}});
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 10, 5, 10, 20));
}

TEST_F(DeviceCodeTest, BacksOffOnTopOfASlowDown) {
  EXPECT_THAT(poll([&] {
                answer_error("slow_down");
                http_.answer(oidc::test::lost_reply());
                answer_error("authorization_pending");
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 10, 20, 10));
}

TEST_F(DeviceCodeTest, PostponesOnePollByRetryAfterAlsoBeyondTheCap) {
  EXPECT_THAT(poll([&] {
                http_.answer(with_header({429, {}, ""}, "Retry-After", "100"));
                answer_error("authorization_pending");
                http_.answer(with_header({503, {}, ""}, "Retry-After", "1"));
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 100, 5, 10)) << "never sooner than the back-off";
}

TEST_F(DeviceCodeTest, DoesNotPollAtOrAfterTheDeadline) {
  EXPECT_THAT(poll([&] { answer_error("authorization_pending"); }, device_response_with("expires_in", 10)),
              FailsWith(Errc::kDeviceCodeExpired));
  EXPECT_EQ(elapsed(), 10s);
  EXPECT_EQ(http_.count(), 3U);
}

TEST_F(DeviceCodeTest, PollsUntilJustBeforeTheDeadline) {
  EXPECT_THAT(poll(
                  [&] {
                    answer_error("authorization_pending");
                    answer_tokens();
                  },
                  device_response_with("expires_in", 11)),
              IsOk());
}

TEST_F(DeviceCodeTest, SleepsNoLongerThanTheDeadline) {
  EXPECT_THAT(poll([&] {
                http_.answer(with_header({429, {}, ""}, "Retry-After", "1000"));
              }),
              FailsWith(Errc::kDeviceCodeExpired));
  EXPECT_EQ(elapsed(), 600s);
}

TEST_F(DeviceCodeTest, CountsTheDeadlineFromTheRequest) {
  answer_metadata();
  http_.answer_with([&](const oidc::HttpRequest&) {
    clock_.sleep_for(4s);
    return json_reply(200, device_response_with("expires_in", 10));
  });
  const auto under_test = client(config_);
  const auto authorization = under_test->device_login_initiate({});
  ASSERT_THAT(authorization, IsOk());
  EXPECT_EQ(authorization->expires_at, test::kStart + 10s);
  clock_.sleep_for(1s);
  EXPECT_THAT(under_test->device_login_complete(*authorization), FailsWith(Errc::kDeviceCodeExpired));
  EXPECT_EQ(elapsed(), 10s);
}

TEST_F(DeviceCodeTest, IsNotMisledByAStepOfTheWallClock) {
  EXPECT_THAT(poll([&] {
                http_.answer_with([&](const oidc::HttpRequest&) {
                  clock_.step_wall(1h);
                  return json_reply(400, {{"error", "authorization_pending"}});
                });
                answer_tokens();
              }),
              IsOk());
}

TEST_F(DeviceCodeTest, EndsWithAnyOtherAnswer) {
  const std::vector<std::pair<oidc::Result<oidc::HttpResponse>, Errc>> cases{
      {json_reply(400, {{"error", "access_denied"}}), Errc::kAccessDenied},
      {json_reply(400, {{"error", "expired_token"}}), Errc::kDeviceCodeExpired},
      {json_reply(400, {{"error", "invalid_grant"}}), Errc::kInvalidGrant},
      {json_reply(500, {{"error", "access_denied"}}), Errc::kAccessDenied},
      {json_reply(401, {{"error", "invalid_client"}}), Errc::kOAuthError},
      {oidc::HttpResponse{200, {{"Content-Type", "text/html"}}, "<html>"}, Errc::kMalformedResponse},
      {json_reply(200, {{"access_token", "at"}, {"token_type", "mac"}}), Errc::kMalformedResponse},
      {oidc::Error{Errc::kTls, "certificate"}, Errc::kTls},
  };
  for (const auto& [reply, code] : cases) {
    EXPECT_THAT(poll([&] { http_.answer(reply); }), FailsWith(code));
  }
}

TEST_F(DeviceCodeTest, EndsWhenCancelled) {
  EXPECT_THAT(poll([&] {
                http_.answer_with([&](const oidc::HttpRequest&) {
                  stop_.request_stop();
                  return json_reply(400, {{"error", "authorization_pending"}});
                });
              }),
              FailsWith(Errc::kCancelled));
}

TEST_F(DeviceCodeTest, NeedsBackWhatInitiationGave) {
  EXPECT_THAT(client(config_)->device_login_complete({}), FailsWith(Errc::kInvalidArgument));
}

TEST_F(DeviceCodeTest, LogsInOnlyIfItMayPrompt) {
  options_.allow_open_browser = true;
  EXPECT_THAT(client(config_)->login(options_), FailsWith(Errc::kInteractionRequired));
  options_.allow_tty_prompt = true;
  options_.show = nullptr;
  EXPECT_THAT(client(config_)->login(options_), FailsWith(Errc::kInteractionRequired));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(DeviceCodeTest, ShowsWhereToGoAndWhatToEnter) {
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

TEST_F(DeviceCodeTest, OpensNoBrowserUnasked) {
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

TEST_F(DeviceCodeTest, RefusesAnIdTokenThatIsNotForThisClient) {
  Json claims{{"iss", test::kServer}, {"sub", "alice"}, {"aud", "other"}};
  claims["iat"] = oidc::epoch_seconds(test::kStart).count();
  claims["exp"] = oidc::epoch_seconds(test::kStart).count() + 600;
  Json response = test::token_response();
  const auto& key = oidc::test::SigningKey::p256();
  response["id_token"] = oidc::test::make_token(key, "ES256", {{"alg", "ES256"}, {"kid", "k"}}, claims);
  EXPECT_THAT(poll([&] {
                answer_json(200, response);
                answer_json(200, {{"keys", Json::array({key.jwk("k")})}});
              }),
              FailsWith(Errc::kBadAudience));
}

}  // namespace
}  // namespace authcore
