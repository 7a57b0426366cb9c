// What a server asks for in Retry-After, from its reply through the client to the session's next attempt.
#include <ostream>

#include "authcore/authenticator.hpp"
#include "authcore/memory_storage.hpp"
#include "client_world.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::test::IsOk;
using oidc::test::with_header;

class RetryAfterInSession : public test::ClientWorld {
 protected:
  RetryAfterInSession() {
    oidc::Json held = test::token_response();
    held["refresh_token"] = "rt-1";
    EXPECT_THAT(storage_->save("token.json", Credential::from_json(CredentialKind::kOidc, held, test::kStart)->json()),
                IsOk());
    answer_metadata();
  }

  void answer_throttled(int status, const std::string& body, const std::string& retry_after) {
    const oidc::HttpResponse response{status, {{"Content-Type", "application/json"}}, body};
    http_.answer(with_header(response, "Retry-After", retry_after));
  }
  /// Asks for a token at `since` after the attempt that failed; says how many requests there were so far.
  std::size_t requests_at(oidc::Duration since) {
    clock_.advance(failed_at_ + since - clock_.steady_now());
    EXPECT_THAT(session_->access_token(), IsOk()) << "the token is still valid";
    return http_.count();
  }
  /// The first attempt: due after 45 of 60 minutes.
  void fail_once() {
    clock_.advance(46min);
    EXPECT_EQ(session_->access_token().value(), "at-1");
    failed_at_ = clock_.steady_now();
    failed_requests_ = http_.count();
  }
  void succeed_at(oidc::Duration since) {
    oidc::Json renewed = test::token_response();
    renewed["access_token"] = "at-2";
    answer_json(200, renewed);
    EXPECT_EQ(requests_at(since), failed_requests_ + 1);
    EXPECT_EQ(session_->access_token().value(), "at-2");
  }

  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>();
  std::unique_ptr<AuthClient> client_ =
      client({{"client_type", "oidc_device_code"}, {"auth_server", test::kServer}, {"client_id", "id"}});
  std::unique_ptr<RequestAuthenticator> session_ =
      make_refreshing_authenticator(*client_, environment(), {storage_, "token.json"});
  oidc::Duration failed_at_{};
  std::size_t failed_requests_ = 0;
};

struct ThrottledCase {
  const char* name;
  int status;
  const char* body;
};
void PrintTo(const ThrottledCase& c, std::ostream* out) {
  *out << c.name;
}
class AboveTheCap : public RetryAfterInSession, public testing::WithParamInterface<ThrottledCase> {};

TEST_P(AboveTheCap, IsWaitedForByTheSession) {
  answer_throttled(GetParam().status, GetParam().body, "300");
  fail_once();
  EXPECT_EQ(requests_at(2s), 2U);
  EXPECT_EQ(requests_at(290s), 2U);
  succeed_at(301s);
}

class WithinTheCap : public RetryAfterInSession, public testing::WithParamInterface<ThrottledCase> {};

TEST_P(WithinTheCap, IsWaitedForAgainOnceTheRequestsRetriesAreUsedUp) {
  for (int attempt = 0; attempt < 4; ++attempt) {
    answer_throttled(GetParam().status, GetParam().body, "40");
  }
  fail_once();
  EXPECT_EQ(requests_at(39s), 5U);
  succeed_at(40s);
}

INSTANTIATE_TEST_SUITE_P(Replies, AboveTheCap,
                         testing::Values(ThrottledCase{"too_many", 429, "{}"}, ThrottledCase{"unavailable", 503, "{}"}),
                         [](const auto& tested) { return tested.param.name; });
INSTANTIATE_TEST_SUITE_P(Replies, WithinTheCap,
                         testing::Values(ThrottledCase{"too_many", 429, "{}"}, ThrottledCase{"unavailable", 503, "{}"},
                                         ThrottledCase{"too_many_as_payload", 429, R"({"error":"too_many"})"},
                                         ThrottledCase{"temporarily_unavailable", 503,
                                                       R"({"error":"temporarily_unavailable"})"}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(RetryAfterInSession, LeavesTheBackOffToAReplyThatNamesNoTime) {
  answer_throttled(503, "{}", "soon");
  fail_once();
  succeed_at(1s);
}

}  // namespace
}  // namespace authcore
