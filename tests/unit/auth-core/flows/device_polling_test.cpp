#include "flows/device_polling.hpp"

#include <memory>
#include <thread>

#include "device_fixture.hpp"
#include "flows/device_code.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::judges;
using oidc::test::with_header;
using test::device_response_with;
using test::DeviceCodeTest;
using testing::ElementsAre;

TEST_F(DeviceCodeTest, PollsEvery5SecondsIfTheServerNamesNoInterval) {
  judges({"DEV-006", "DEV-012", "D-21"});
  EXPECT_THAT(poll(
                  [&] {
                    answer_error("authorization_pending");
                    answer_tokens();
                  },
                  device_response_with("interval", nullptr)),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 5));
}

TEST_F(DeviceCodeTest, PollsOnceASecondAtMostIfTheIntervalIs0) {
  judges({"DEV-012", "W-30"});
  EXPECT_THAT(poll(
                  [&] {
                    answer_error("authorization_pending");
                    answer_tokens();
                  },
                  device_response_with("interval", 0)),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(1, 1));
}

TEST_F(DeviceCodeTest, WaitsOneIntervalBeforeEachPoll) {
  judges({"DEV-004", "DEV-005", "DEV-007"});
  EXPECT_THAT(poll([&] {
                answer_error("authorization_pending");
                answer_error("authorization_pending");
                answer_tokens();
              }),
              IsOk());
  EXPECT_THAT(poll_gaps(), ElementsAre(5, 5, 5));
}

TEST_F(DeviceCodeTest, SlowsDownBy5SecondsForGood) {
  judges({"DEV-007"});
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

TEST_F(DeviceCodeTest, GoesOnWhateverTheStatusOfAPendingAnswerIs) {
  judges({"DEV-007"});
  for (const int status : {200, 401, 500}) {
    const std::size_t before = http_.count();
    EXPECT_THAT(poll([&] {
                  answer_json(status, {{"error", "authorization_pending"}});
                  answer_json(status, {{"error", "slow_down"}});
                  answer_tokens();
                }),
                IsOk())
        << status;
    EXPECT_EQ(http_.count() - before, 5U) << status;
  }
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
  judges({"DEV-011", "W-29", "RFC8628-3.5-TIMEOUT-BACKOFF"});
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

// The second half may run in a process of its own, which must ask where to poll.
TEST_F(DeviceCodeTest, GoesOnIfTheMetadataCannotBeHadForTheMoment) {
  judges({"DEV-011", "W-29"});
  const auto authorization = parse_device_authorization(test::device_response(), clock_.now()).value();
  http_.answer(oidc::test::lost_reply());
  answer_json(503, {{"error", "temporarily_unavailable"}});
  answer_metadata();
  answer_tokens();
  EXPECT_THAT(client(config_)->device_login_complete(authorization), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(10, 20, 0));
  answer_json(404, {{"error", "not_found"}});
  EXPECT_THAT(client(config_)->device_login_complete(authorization), FailsWith(Errc::kOAuthError));
}

TEST_F(DeviceCodeTest, GoesOnAfterServerErrorsAndThrottling) {
  judges({"DEV-011", "W-29"});
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
  judges({"DEV-009", "DEV-010", "W-28"});
  EXPECT_THAT(poll([&] { answer_error("authorization_pending"); }, device_response_with("expires_in", 10)),
              FailsWith(Errc::kDeviceCodeExpired));
  EXPECT_EQ(elapsed(), 10s);
  EXPECT_EQ(http_.count(), 3U);
}

TEST_F(DeviceCodeTest, PollsUntilJustBeforeTheDeadline) {
  judges({"DEV-009"});
  EXPECT_THAT(poll(
                  [&] {
                    answer_error("authorization_pending");
                    answer_tokens();
                  },
                  device_response_with("expires_in", 11)),
              IsOk());
}

TEST_F(DeviceCodeTest, SleepsNoLongerThanTheDeadline) {
  judges({"DEV-010", "W-28"});
  EXPECT_THAT(poll([&] {
                http_.answer(with_header({429, {}, ""}, "Retry-After", "1000"));
              }),
              FailsWith(Errc::kDeviceCodeExpired));
  EXPECT_EQ(elapsed(), 600s);
}

TEST_F(DeviceCodeTest, CountsTheDeadlineFromTheRequest) {
  judges({"DEV-009", "DEV-010", "W-28", "A-21"});
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
  judges({"DEV-008"});
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
  judges({"W-52"});
  EXPECT_THAT(poll([&] {
                http_.answer_with([&](const oidc::HttpRequest&) {
                  stop_.request_stop();
                  return json_reply(400, {{"error", "authorization_pending"}});
                });
              }),
              FailsWith(Errc::kCancelled));
}

TEST_F(DeviceCodeTest, HandsOnTheErrorThatEndedIt) {
  judges({"DEV-008"});
  const auto ended = poll([&] { answer_error("invalid_grant"); });
  ASSERT_THAT(ended, FailsWith(Errc::kInvalidGrant));
  EXPECT_EQ(ended.error().oauth_error, "invalid_grant");
  EXPECT_EQ(http_.count(), 3U) << "one poll";
}

TEST_F(DeviceCodeTest, EndsInTheMiddleOfAWaitWhenCancelled) {
  judges({"W-52"});
  auto canceller = std::make_unique<oidc::VirtualClock::Actor>(clock_);
  std::jthread later{[&] {
    clock_.sleep_for(2s);
    stop_.request_stop();
    canceller.reset();
  }};
  EXPECT_THAT(poll([] {}), FailsWith(Errc::kCancelled));
  EXPECT_EQ(elapsed(), 2s);
}

}  // namespace
}  // namespace authcore
