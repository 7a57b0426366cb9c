#include "http/policy.hpp"

#include <thread>

#include "client_world.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::judges;
using oidc::test::lost_reply;
using oidc::test::refused_connection;
using oidc::test::with_header;
using testing::ElementsAre;
using testing::HasSubstr;

class HttpPolicyTest : public test::ClientWorld {
 protected:
  void answer_status(int status) { http_.answer(oidc::HttpResponse{status, {}, ""}); }
  void answer_retry_after(int status, const std::string& value) {
    http_.answer(with_header({status, {}, ""}, "Retry-After", value));
  }
  oidc::Result<oidc::HttpResponse> send(const std::string& method) {
    return policy_.send({method, test::kServer + "/token?secret=1", {}, "code=c"});
  }
  oidc::Result<oidc::HttpResponse> post() { return send("POST"); }

  HttpPolicy policy_{environment()};
};

TEST_F(HttpPolicyTest, AsksForJsonAndSaysWhoAsks) {
  judges({"HTTP-001", "TOK-001"});
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_EQ(http_.request(0).headers.get("Accept"), "application/json");
  EXPECT_THAT(http_.request(0).headers.get("User-Agent").value(),
              testing::MatchesRegex("auth-core/[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_FALSE(http_.request(0).headers.contains("X-Planet-App"));
}

TEST_F(HttpPolicyTest, SaysWhoAsksInTheWordsThatItIsGivenUnlessTheRequestDoes) {
  judges({"HTTP-001"});
  Environment named = environment();
  named.sender = {.user_agent = "tool/2", .planet_app = "tool-2"};
  HttpPolicy policy{named};
  answer_status(200);
  ASSERT_THAT(policy.send({"GET", test::kServer, {}, ""}), IsOk());
  EXPECT_EQ(http_.request(0).headers.get("User-Agent"), "tool/2");
  EXPECT_EQ(http_.request(0).headers.get("X-Planet-App"), "tool-2");
  answer_status(200);
  ASSERT_THAT(policy.send({"GET", test::kServer, {{"user-agent", "mine"}, {"x-planet-app", "my"}}, ""}), IsOk());
  EXPECT_EQ(http_.request(1).headers.get("User-Agent"), "mine");
  EXPECT_EQ(http_.request(1).headers.count("User-Agent"), 1U);
  EXPECT_EQ(http_.request(1).headers.get("X-Planet-App"), "my");
  EXPECT_EQ(http_.request(1).headers.count("X-Planet-App"), 1U);
}

TEST_F(HttpPolicyTest, TreatsHttpAndHttpsAlike) {
  judges({"HTTP-002", "A-06", "W-45"});
  for (const char* url : {"http://127.0.0.1/token", "https://as.test/token"}) {
    answer_status(429);
    answer_status(200);
    ASSERT_THAT(policy_.send({"POST", url, {}, "a=b"}), IsOk()) << url;
  }
  EXPECT_EQ(http_.count(), 4U);
}

TEST_F(HttpPolicyTest, BacksOffFrom429WithoutRetryAfterBy1_2_4Seconds) {
  judges({"HTTP-003", "A-05"});
  answer_status(429);
  answer_status(429);
  answer_status(429);
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(1, 2, 4));
}

TEST_F(HttpPolicyTest, TreatsAThrottledGetLikeAPost) {
  judges({"HTTP-003"});
  answer_status(429);
  answer_status(200);
  ASSERT_THAT(send("GET"), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(1));
}

TEST_F(HttpPolicyTest, GivesUpAfterThreeRetries) {
  judges({"HTTP-003"});
  for (int i = 0; i < 4; ++i) {
    answer_status(429);
  }
  const auto response = post();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(elapsed(), 7s);
}

TEST_F(HttpPolicyTest, WaitsAsLongAsRetryAfterSays) {
  judges({"HTTP-004"});
  answer_retry_after(429, "7");
  answer_retry_after(503, "Tue, 01 Jan 2030 00:00:30 GMT");
  answer_retry_after(413, "3");
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(7, 23, 3));
}

TEST_F(HttpPolicyTest, TakesGarbageForAnAbsentRetryAfter) {
  answer_retry_after(429, "soon");
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(1));
}

TEST_F(HttpPolicyTest, SleepsOutARetryAfterAtTheCap) {
  answer_retry_after(429, "60");
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(60));
}

TEST_F(HttpPolicyTest, TellsARetryAfterAboveTheCapAtOnce) {
  answer_retry_after(429, "61");
  EXPECT_THAT(post(), FailsWith(Errc::kRateLimited, HasSubstr("61 s")));
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(HttpPolicyTest, HasAConfigurableCap) {
  HttpPolicy patient{environment(), {.retry_after_cap = 100s}};
  answer_retry_after(429, "100");
  answer_status(200);
  EXPECT_THAT(patient.send({"GET", test::kServer, {}, ""}), IsOk());
}

TEST_F(HttpPolicyTest, DoesNotRepeatWhatTheServerDidNotThrottle) {
  judges({"HTTP-005", "W-45"});
  for (const int status : {400, 413, 500, 502, 503, 504}) {
    answer_status(status);
    const auto response = post();
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->status, status);
  }
  answer_retry_after(503, "garbage");
  ASSERT_THAT(post(), IsOk());
  EXPECT_EQ(http_.count(), 7U);
}

TEST_F(HttpPolicyTest, RepeatsWhatNeverLeftTwice) {
  http_.answer(refused_connection());
  http_.answer(refused_connection());
  answer_status(200);
  ASSERT_THAT(post(), IsOk());
  EXPECT_THAT(http_.gaps(), ElementsAre(1, 2));
}

TEST_F(HttpPolicyTest, GivesUpOnAServerThatCannotBeReachedThreeTimes) {
  judges({"HTTP-007", "W-13"});
  for (int i = 0; i < 3; ++i) {
    http_.answer(refused_connection());
  }
  EXPECT_THAT(post(), FailsWith(Errc::kConnectFailed));
}

TEST_F(HttpPolicyTest, NeverRepeatsAPostThatMayHaveArrived) {
  judges({"HTTP-006", "W-37"});
  oidc::Error unsure = refused_connection();
  unsure.definite = false;
  for (const oidc::Error& error : {lost_reply(), oidc::Error{Errc::kTimeout, "", "", 0, false}, unsure}) {
    http_.answer(error);
    EXPECT_THAT(post(), FailsWith(error.code));
  }
  EXPECT_EQ(http_.count(), 3U);
}

TEST_F(HttpPolicyTest, TellsALossOrATimeoutAtOnce) {
  judges({"HTTP-006", "HTTP-008", "W-38"});
  for (const oidc::Error& error : {lost_reply(), oidc::Error{Errc::kTimeout, "", "", 0, false}}) {
    http_.answer(error);
    EXPECT_THAT(send("GET"), FailsWith(error.code));
  }
}

TEST_F(HttpPolicyTest, DoesNotTryAnUntrustedServerAgain) {
  http_.answer(oidc::Error{Errc::kTls, "certificate"});
  EXPECT_THAT(post(), FailsWith(Errc::kTls));
}

TEST_F(HttpPolicyTest, StopsWaitingWhenCancelled) {
  http_.answer_with([&](const oidc::HttpRequest&) {
    stop_.request_stop();
    return oidc::HttpResponse{429, {}, ""};
  });
  EXPECT_THAT(post(), FailsWith(Errc::kCancelled));
}

TEST_F(HttpPolicyTest, SendsNothingOnceCancelled) {
  stop_.request_stop();
  EXPECT_THAT(post(), FailsWith(Errc::kCancelled));
  EXPECT_EQ(http_.count(), 0U);
}

TEST_F(HttpPolicyTest, TellsWhenTheAnsweredAttemptWasMade) {
  answer_retry_after(429, "30");
  answer_status(200);
  const auto exchange = policy_.exchange({"POST", test::kServer, {}, ""});
  ASSERT_THAT(exchange, IsOk());
  EXPECT_EQ(exchange->sent_at, test::kStart + 30s);
}

TEST_F(HttpPolicyTest, LogsARetryWithoutTheQuery) {
  std::string lines;
  Environment outside = environment();
  outside.log = oidc::Log{clock_, [&](oidc::LogLevel level, std::string_view event, const oidc::Json& record) {
                            lines += oidc::to_line(level, event, record);
                          }};
  HttpPolicy logging{outside};
  answer_status(429);
  answer_status(200);
  ASSERT_THAT(logging.send({"GET", test::kServer + "/a?secret=1", {}, ""}), IsOk());
  EXPECT_THAT(lines, HasSubstr("https://as.test/a"));
  EXPECT_THAT(lines, testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace authcore
