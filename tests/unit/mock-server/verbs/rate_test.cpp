// Throttling by rate.

#include "../issuer_fixture.hpp"

namespace mockserver::test {
namespace {

class RateTest : public IssuerTest {
 protected:
  void limit(const oidc::Json& rate, const oidc::Json& more = oidc::Json::object()) {
    oidc::Json action = {{"rate", rate}};
    action.update(more);
    script({{"when", {{"endpoint", "token"}}}, {"times", "forever"}, {"do", action}});
  }
  int status() { return service_token().response.status; }
};

TEST_F(RateTest, LetsSoManyThroughInAnyWindow) {
  limit({{"limit", 2}, {"window", 60}});
  EXPECT_EQ(status(), 200);
  clock_.advance(20s);
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 429);
  clock_.advance(40s);
  EXPECT_EQ(status(), 200) << "the first is a window old";
  EXPECT_EQ(status(), 429) << "the second is not";
  clock_.advance(20s);
  EXPECT_EQ(status(), 200);
}

TEST_F(RateTest, RefusedRequestsDoNotCount) {
  limit({{"limit", 1}, {"window", 10}});
  EXPECT_EQ(status(), 200);
  for (int i = 0; i < 9; ++i) {
    clock_.advance(1s);
    EXPECT_EQ(status(), 429);
  }
  clock_.advance(1s);
  EXPECT_EQ(status(), 200);
}

TEST_F(RateTest, SaysWhenTheNextMayComeRoundedUp) {
  limit({{"limit", 1}, {"window", 60}});
  status();
  clock_.advance(700ms);
  const auto refused = service_token();
  EXPECT_EQ(refused.response.status, 429);
  EXPECT_EQ(header_of(refused, "Retry-After"), "60") << "59.3 s: who came after 59 would be refused again";
  EXPECT_EQ(error_of(refused), "temporarily_unavailable");
  EXPECT_EQ(header_of(refused, "Cache-Control"), "no-store");
  clock_.advance(20s);
  EXPECT_EQ(header_of(service_token(), "Retry-After"), "40");
}

TEST_F(RateTest, SaysItAsADateOrNotAtAll) {
  limit({{"limit", 0}, {"window", 90}, {"as", 503}, {"retry_after", "date"}});
  const auto dated = service_token();
  EXPECT_EQ(dated.response.status, 503);
  EXPECT_EQ(header_of(dated, "Retry-After"), "Tue, 01 Jan 2030 00:01:30 GMT");
  issuer_->script().clear();
  limit({{"limit", 0}, {"window", 90}, {"as", 403}, {"retry_after", "absent"}});
  const auto silent = service_token();
  EXPECT_EQ(silent.response.status, 403);
  EXPECT_EQ(header_of(silent, "Retry-After"), "(absent)");
}

TEST_F(RateTest, ItsDateIsRoundedUpToo) {
  clock_.advance(300ms);
  limit({{"limit", 0}, {"window", 90}, {"retry_after", "date"}});
  EXPECT_EQ(header_of(service_token(), "Retry-After"), "Tue, 01 Jan 2030 00:01:31 GMT");
}

TEST_F(RateTest, OtherVerbsSayWhatTheRefusalLooksLike) {
  limit({{"limit", 0}, {"window", 7}}, {{"body", "<html>"}, {"content_type", "text/html"}, {"retry_after", "soon"}});
  const auto refused = service_token();
  EXPECT_EQ(refused.response.status, 429);
  EXPECT_EQ(refused.response.body, "<html>");
  EXPECT_EQ(header_of(refused, "Content-Type"), "text/html");
  EXPECT_EQ(header_of(refused, "Retry-After"), "soon");
  issuer_->script().clear();
  limit({{"limit", 0}, {"window", 7}}, {{"error", {{"code", "slow_down"}, {"status", 400}}}});
  EXPECT_EQ(service_token().response.status, 400);
  EXPECT_EQ(error_of(service_token()), "slow_down");
}

TEST_F(RateTest, CountsEachKeyApart) {
  limit({{"limit", 1}, {"window", 60}, {"key", "client"}});
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(status(), 429);
  EXPECT_EQ(refresh(issuer_->mint_session({.issued_at = kStart}).value()).response.status, 200) << "another client";
}

TEST_F(RateTest, KeysThatClientsChooseAreNotKeptWithoutEnd) {
  start({{"lenient", {"any_client"}}});
  limit({{"limit", 1}, {"window", 3600}, {"key", "client"}});
  const auto ask = [&](const std::string& client) {
    return post("/token", {{"grant_type", "client_credentials"}, {"client_id", client}}).response.status;
  };
  EXPECT_NE(ask("first"), 429);
  EXPECT_EQ(ask("first"), 429);
  for (int i = 0; i < 3000; ++i) {
    clock_.advance(1ms);
    ask("client-" + std::to_string(i));
  }
  EXPECT_NE(ask("first"), 429) << "it was forgotten";
  EXPECT_EQ(ask("client-2999"), 429);
}

TEST_F(RateTest, RefusalsChangeNoState) {
  const auto tokens = login();
  script({{"when", {{"grant", "refresh_token"}}}, {"do", {{"rate", {{"limit", 0}, {"window", 1}}}}}});
  EXPECT_EQ(refresh(tokens).response.status, 429);
  EXPECT_EQ(refresh(tokens).response.status, 200);
}

TEST_F(RateTest, RequestsWithinTheRateAreLeftToTheStepsBehind) {
  limit({{"limit", 1}, {"window", 60}});
  script({{"id", "behind"}, {"when", {{"endpoint", "token"}}}, {"do", {{"status", 500}}}});
  EXPECT_EQ(status(), 500);
  EXPECT_EQ(status(), 429);
}

TEST_F(RateTest, IsDeliveredOnceItHasRefusedSomebody) {
  limit({{"limit", 1}, {"window", 60}});
  status();
  EXPECT_EQ(issuer_->verdict().at("undelivered_steps").size(), 1U);
  status();
  EXPECT_EQ(issuer_->verdict().at("undelivered_steps").size(), 0U);
}

}  // namespace
}  // namespace mockserver::test
