// Replies that wait for each other, over a server and an issuer's clock.

#include <gtest/gtest.h>

#include <stdexcept>

#include "mockserver/issuer_clock.hpp"
#include "mockserver/serving.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;
using namespace std::chrono_literals;

class TrafficTest : public ::testing::Test {
 protected:
  TrafficTest() {
    auto server = Server::start({}, issuer_handler(issuers_));
    server_ = server ? *std::move(server) : throw std::runtime_error{server.error().message};
    issuer_ = issuers_.create("alpha", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  }
  void script(const oidc::Json& step) { issuer_->script().add(parse_step(step, 1).value()); }
  /// A client that has asked, and whose request has come.
  RawClient asking() {
    RawClient client{server_->port()};
    client.send("GET /alpha/jwks HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(issuer_->journal().wait_for("", ++asked_, 10s));
    return client;
  }
  std::size_t delivered() { return issuer_->script().states().at(0).delivered; }

  IssuerClock clock_{oidc::TimePoint{1'900'000'000s}};
  Issuers issuers_{"http://127.0.0.1"};
  std::shared_ptr<Issuer> issuer_;
  std::size_t asked_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(TrafficTest, ABarrierHoldsRepliesUntilAllAreThere) {
  script({{"times", 6}, {"do", {{"barrier", {{"count", 3}}}}}});
  for (int round = 0; round < 2; ++round) {  // it begins anew
    auto first = asking();
    auto second = asking();
    ASSERT_TRUE(clock_.await_sleepers(2, 10s));
    EXPECT_FALSE(first.has_something_to_read());
    EXPECT_FALSE(second.has_something_to_read());
    auto third = asking();
    for (RawClient* client : {&first, &second, &third}) {
      EXPECT_EQ(client->receive().status, 200);
    }
    ASSERT_TRUE(testing_support::eventually([&] { return clock_.sleepers() == 0; }));
  }
  EXPECT_EQ(delivered(), 6U);
}

TEST_F(TrafficTest, AReplyLeavesABarrierAfterItsTimeoutAndItWasNotDelivered) {
  script({{"times", 2}, {"do", {{"barrier", {{"count", 2}, {"timeout", 5}}}}}});
  for (int round = 0; round < 2; ++round) {  // the first is not counted among the second's
    auto alone = asking();
    ASSERT_TRUE(clock_.await_sleepers(1, 10s));
    clock_.advance(5s - 1ms);
    EXPECT_FALSE(alone.has_something_to_read());
    clock_.advance(1ms);
    EXPECT_EQ(alone.receive().status, 200);
  }
  EXPECT_EQ(delivered(), 0U);
}

TEST_F(TrafficTest, SerializedRepliesGoOutOneAfterTheOtherInTheOrderOfTheirRequests) {
  script({{"times", 3}, {"do", {{"serialize", true}, {"delay", 3600}}}});
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(asking());
  }
  for (RawClient& client : clients) {
    ASSERT_TRUE(clock_.await_sleepers(1, 10s));
    EXPECT_EQ(clock_.sleepers(), 1U) << "the others have not begun to wait";
    EXPECT_FALSE(client.has_something_to_read());
    clock_.advance(1h);
    EXPECT_EQ(client.receive().status, 200);
  }
  EXPECT_EQ(delivered(), 3U);
}

TEST_F(TrafficTest, AReplyThatIsLostGivesItsTurnAway) {
  script({{"times", 1}, {"do", {{"serialize", true}, {"delay", 1}, {"reset", "mid_body"}}}});
  script({{"times", 1}, {"do", {{"serialize", true}}}});  // of the same name: the same queue
  auto lost = asking();
  auto next = asking();
  ASSERT_TRUE(clock_.await_sleepers(1, 10s));
  EXPECT_FALSE(next.has_something_to_read());
  clock_.advance(1s);
  EXPECT_EQ(lost.await_end(), ECONNRESET);
  EXPECT_EQ(next.receive().status, 200);
}

TEST_F(TrafficTest, TheServerEndsWhileRepliesWait) {
  script({{"times", 1}, {"do", {{"serialize", true}, {"delay", 3600}}}});
  script({{"times", 1}, {"do", {{"serialize", true}}}});
  script({{"times", 2}, {"do", {{"barrier", {{"count", 2}}}}}});
  auto delayed = asking();
  auto queued = asking();
  auto held = asking();
  ASSERT_TRUE(clock_.await_sleepers(2, 10s));
  server_.reset();
  for (RawClient* client : {&delayed, &queued, &held}) {
    EXPECT_NE(client->await_end(), EAGAIN);
    EXPECT_EQ(client->unread(), "");
  }
}

}  // namespace
}  // namespace mockserver
