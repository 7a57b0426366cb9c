#include "mockserver/serving.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <vector>

#include "mockserver/issuer_clock.hpp"
#include "oidc/json.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;

/// Issuers and control API as `assay serve` puts them up: two servers, one world.
class ServingTest : public ::testing::Test {
 protected:
  ServingTest() {
    send_control("POST", "/v1/issuers", R"({
      "name": "alpha", "clock": "2030-01-01T00:00:00Z",
      "script": [{"when": {"endpoint": "jwks"}, "do": {"delay": 3600}}]})");
  }
  ~ServingTest() override { control_.end_waits(); }

  static std::unique_ptr<Server> start(Handler handler, bool blocking) {
    auto server = Server::start({.blocking_handlers = blocking}, std::move(handler));
    return server ? *std::move(server) : throw std::runtime_error{server.error().message};
  }
  static std::string text_of(const std::string& method, const std::string& path, const std::string& body = "") {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  RawClient::Response send_control(const std::string& method, const std::string& path, const std::string& body = "") {
    RawClient client{control_server_->port()};
    client.send(text_of(method, path, body));
    return client.receive();
  }

  Issuers issuers_{"http://127.0.0.1:1"};
  Control control_{issuers_, ""};
  std::unique_ptr<Server> issuer_server_ = start(issuer_handler(issuers_), false);
  std::unique_ptr<Server> control_server_ = start(control_handler(control_), true);
};

TEST_F(ServingTest, ADelayedReplyComesOnceTheControlApiMovesTheClock) {
  RawClient client{issuer_server_->port()};
  client.send(text_of("GET", "/alpha/jwks"));
  const auto moved = send_control("POST", "/v1/issuers/alpha/clock/advance", R"({"seconds": 3600, "sleepers": 1})");
  EXPECT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServingTest, DeletingTheIssuerEndsItsDelayedReplies) {
  RawClient client{issuer_server_->port()};
  client.send(text_of("GET", "/alpha/jwks"));
  auto& clock = dynamic_cast<IssuerClock&>(issuers_.find("alpha")->clock());
  ASSERT_TRUE(clock.await_sleepers(1, std::chrono::seconds{10}));
  EXPECT_EQ(send_control("DELETE", "/v1/issuers/alpha").status, 200);
  EXPECT_EQ(client.await_end(), 0);
  EXPECT_EQ(client.unread(), "");
}

TEST_F(ServingTest, ALongPollHoldsUpNobodyAndEndsWithTheServer) {
  RawClient waiting{control_server_->port()};
  waiting.send(text_of("GET", "/v1/issuers/alpha/requests/wait?timeout=300"));
  EXPECT_EQ(send_control("GET", "/v1/health").status, 200);
  control_.end_waits();
  EXPECT_EQ(waiting.receive().status, 503);
}

std::size_t threads_now() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, std::filesystem::directory_iterator{}));
}

TEST_F(ServingTest, AWaitCostsNoThreadAndEndsWithItsClient) {
  const std::weak_ptr<Issuer> alpha = issuers_.find("alpha");
  const auto holders = [&] { return alpha.use_count() - 1; };  // but for the issuers themselves
  const std::size_t threads = threads_now();
  constexpr int kWaits = 50;
  std::vector<RawClient> waiting;
  for (int i = 0; i < kWaits; ++i) {
    waiting.emplace_back(control_server_->port());
    waiting.back().send(text_of(
        "GET", i % 2 == 0 ? "/v1/issuers/alpha/requests/wait?timeout=300" : "/v1/issuers/alpha/events?since=0"));
  }
  ASSERT_TRUE(testing_support::eventually([&] { return holders() >= kWaits; }));
  EXPECT_TRUE(testing_support::eventually([&] { return threads_now() <= threads + 10; }))
      << "those that answered the rush are gone, but for a few";
  waiting.clear();
  EXPECT_TRUE(testing_support::eventually([&] { return holders() == 0; }));
}

TEST_F(ServingTest, AClientThatSaidMoreAndThenWentIsGone) {
  const std::weak_ptr<Issuer> alpha = issuers_.find("alpha");
  {
    RawClient impatient{control_server_->port()};
    impatient.send(text_of("GET", "/v1/issuers/alpha/requests/wait?timeout=300") + text_of("GET", "/v1/health"));
    ASSERT_TRUE(testing_support::eventually([&] { return alpha.use_count() > 1; }));
  }
  EXPECT_TRUE(testing_support::eventually([&] { return alpha.use_count() == 1; }));
}

TEST_F(ServingTest, APipelinedRequestWaitsForTheWaitBeforeIt) {
  RawClient client{control_server_->port()};
  client.send(text_of("GET", "/v1/issuers/alpha/requests/wait?endpoint=userinfo&timeout=300") +
              text_of("GET", "/v1/health"));
  issuers_.find("alpha")->handle({"GET", "http://127.0.0.1:1/alpha/userinfo", {}, ""});
  EXPECT_NE(client.receive().body.find("userinfo"), std::string::npos);
  EXPECT_EQ(client.receive().body, "{\"status\":\"ok\"}\n");
}

TEST_F(ServingTest, AnUnknownIssuerIs404) {
  RawClient client{issuer_server_->port()};
  client.send(text_of("GET", "/beta/jwks"));
  EXPECT_EQ(client.receive().status, 404);
}

TEST_F(ServingTest, StraysOfBothOriginsAreSeen) {
  const auto alpha = issuers_.find("alpha");
  issuers_.on_stray([&](const auto& request) { return alpha->refuse_stray(request); });
  const auto second = start(stray_handler(issuers_), false);
  for (const Server* server : {issuer_server_.get(), second.get()}) {
    RawClient client{server->port()};
    client.send(text_of("GET", "/beta/jwks"));
    EXPECT_EQ(client.receive().status, 404);
    EXPECT_EQ(alpha->journal().exchanges().back().path, server->origin() + "/beta/jwks");
  }
  RawClient client{second->port()};
  client.send(text_of("GET", "/alpha/jwks"));
  EXPECT_EQ(client.receive().status, 404) << "no issuer lives there";
}

}  // namespace
}  // namespace mockserver
