// The line of the checklist about socket options and limits, by its parts: no port shared in silence, forms beyond 8
// KiB, keep-alive without an end, hanging requests that hold up nobody.

#include <gtest/gtest.h>

#include <stdexcept>

#include "../server/raw_client.hpp"
#include "mockserver/issuer_clock.hpp"
#include "mockserver/serving.hpp"
#include "oidc/json.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;

class SocketsChecklist : public ::testing::Test {
 protected:
  SocketsChecklist() {
    auto server = Server::start({.threads = 1}, issuer_handler(issuers_));
    server_ = server ? *std::move(server) : throw std::runtime_error{server.error().message};
    issuer_ = issuers_.create("alpha", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  }
  const std::string get_ = "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\n\r\n";

  IssuerClock clock_{oidc::TimePoint{std::chrono::seconds{1'900'000'000}}};
  Issuers issuers_{"http://127.0.0.1:1"};
  std::shared_ptr<Issuer> issuer_;
  std::unique_ptr<Server> server_;
};

TEST_F(SocketsChecklist, TwoServersNeverShareAPort) {
  EXPECT_FALSE(Server::start({.port = server_->port()}, issuer_handler(issuers_)));
}

TEST_F(SocketsChecklist, FormsBeyondEightKibibytesAreRead) {
  const std::string form = "grant_type=refresh_token&client_id=app&refresh_token=" + std::string(50'000, 'x');
  RawClient client{server_->port()};
  client.send(
      "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
      std::to_string(form.size()) + "\r\n\r\n" + form);
  EXPECT_NE(client.receive().body.find("invalid_grant"), std::string::npos);
}

TEST_F(SocketsChecklist, AConnectionIsKeptForMoreThanAHundredRequests) {
  RawClient client{server_->port()};
  for (int i = 0; i < 250; ++i) {
    ASSERT_TRUE(client.send(get_)) << i;
    ASSERT_EQ(client.receive().status, 200) << i;
  }
}

TEST_F(SocketsChecklist, HangingRequestsHoldUpNobody) {
  issuer_->script().add(parse_step({{"times", 100}, {"do", {{"hang", true}}}}, 1).value());
  std::vector<RawClient> hanging;
  for (int i = 0; i < 100; ++i) {
    hanging.emplace_back(server_->port());
    hanging.back().send(get_);
  }
  ASSERT_TRUE(issuer_->journal().wait_for("", 100, std::chrono::seconds{10}));
  RawClient other{server_->port()};
  other.send(get_);
  EXPECT_EQ(other.receive().status, 200);
}

}  // namespace
}  // namespace mockserver
