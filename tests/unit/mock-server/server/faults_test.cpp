// Faults as the client sees them at its socket, over http and https.

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include "mockserver/issuer_clock.hpp"
#include "mockserver/server.hpp"
#include "raw_client.hpp"
#include "tls_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;
using testing_support::TlsClient;
using namespace std::chrono_literals;

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

std::shared_ptr<const TlsIdentity> identity() {
  static const auto kIdentity = std::make_shared<const TlsIdentity>(make_tls_identity().value());
  return kIdentity;
}

class FaultsTest : public ::testing::Test {
 protected:
  /// A server whose first reply has this delivery, and the others none.
  std::unique_ptr<Server> serve(Delivery delivery, ServerOptions options = {}) {
    auto handler = [this, delivery = std::make_shared<Delivery>(std::move(delivery))](const oidc::HttpRequest&) {
      ServedReply served;
      served.reply.response = {.status = 200, .headers = {}, .body = "0123456789"};
      served.clock = &clock_;
      if (asked_++ == 0) {
        served.reply.delivery = *delivery;
      }
      return served;
    };
    auto server = Server::start(std::move(options), std::move(handler));
    return server ? *std::move(server) : throw std::runtime_error{server.error().message};
  }

  /// Once the first request has come the others may.
  void await_first() {
    ASSERT_TRUE(testing_support::eventually([this] { return asked_ > 0; }));
  }

  std::atomic<int> asked_ = 0;
  IssuerClock clock_{oidc::TimePoint{1'900'000'000s}};
};

struct FaultCase {
  const char* name;
  Fault fault;
  std::string bytes;  ///< that the client gets
  int end;            ///< how the connection ends: 0 in order, or errno
};
class SocketFaultTest : public FaultsTest, public ::testing::WithParamInterface<FaultCase> {};

TEST_P(SocketFaultTest, OverHttp) {
  const auto server = serve({.fault = GetParam().fault});
  RawClient client{server->port()};
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(client.await_end(), GetParam().end);
  EXPECT_EQ(client.unread(), GetParam().bytes);
  RawClient next{server->port()};
  next.send(kGet);
  EXPECT_EQ(next.receive().body, "0123456789");
}

TEST_P(SocketFaultTest, OverHttps) {
  const auto server = serve({.fault = GetParam().fault}, {.tls = identity()});
  TlsClient client{server->port()};
  ASSERT_TRUE(client.shake_hands(identity()->ca_pem));
  client.send(kGet);
  // A reset ends TLS without its close_notify, an orderly close with it.
  EXPECT_EQ(client.await_end(), GetParam().end == 0 ? TlsClient::End::kCloseNotify : TlsClient::End::kReset);
  EXPECT_EQ(client.received(), GetParam().bytes);
}

const FaultCase kFaults[] = {
    {"Reset", Fault::kReset, "", ECONNRESET},
    {"ResetAfterHeaders", Fault::kResetAfterHeaders, kHead, ECONNRESET},
    {"ResetMidBody", Fault::kResetMidBody, kHead + "01234", ECONNRESET},
    {"Empty", Fault::kEmpty, "", 0},
    {"Truncate", Fault::kTruncate, kHead + "01234", 0},
    {"BadChunk", Fault::kBadChunk,
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n\r\n56789\r\n0\r\n\r\n", 0},
};
INSTANTIATE_TEST_SUITE_P(Faults, SocketFaultTest, ::testing::ValuesIn(kFaults),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(FaultsTest, AHangingReplyKeepsTheConnectionOpenUntilTheClientGoes) {
  const auto server = serve({.fault = Fault::kHang}, {.idle_timeout = 20ms});
  RawClient hanging{server->port()};
  hanging.send(kGet);
  await_first();
  hanging.send(kGet);  // says more, gets nothing
  RawClient idle{server->port()};
  idle.send(kGet);
  EXPECT_EQ(idle.receive().status, 200) << "others are served meanwhile";
  EXPECT_EQ(idle.await_end(), 0) << "an idle connection ends after its timeout";
  EXPECT_FALSE(hanging.has_something_to_read()) << "a hanging one does not";
  hanging.finish_sending();
  EXPECT_NE(hanging.await_end(), EAGAIN);
  EXPECT_EQ(hanging.unread(), "");
}

TEST_F(FaultsTest, AHangingReplyEndsWithTheServer) {
  auto server = serve({.fault = Fault::kHang});
  RawClient client{server->port()};
  client.send(kGet);
  await_first();
  RawClient other{server->port()};
  other.send(kGet);
  EXPECT_EQ(other.receive().status, 200);
  server.reset();
  EXPECT_NE(client.await_end(), EAGAIN);
  EXPECT_EQ(client.unread(), "");
}

TEST_F(FaultsTest, ATrickledReplyComesPieceByPieceOnTheIssuersClock) {
  const auto server = serve({.trickle = {.bytes = 20, .every = 1h}});
  RawClient client{server->port()};
  client.send(kGet);
  std::string reply = kHead + "0123456789";
  ASSERT_EQ(reply.size(), 49U);
  for (const std::size_t size : {20U, 20U, 9U}) {
    EXPECT_EQ(client.receive_some(size), reply.substr(0, size));
    reply.erase(0, size);
    if (!reply.empty()) {
      ASSERT_TRUE(clock_.await_sleepers(1, 10s));
      EXPECT_FALSE(client.has_something_to_read());
      clock_.advance(1h);
    }
  }
  client.send(kGet);
  EXPECT_EQ(client.receive().body, "0123456789") << "the connection lives on";
}

TEST_F(FaultsTest, ATrickledReplyMayEndInAReset) {
  const auto server = serve({.fault = Fault::kResetMidBody, .trickle = {.bytes = 40, .every = 1s}});
  RawClient client{server->port()};
  client.send(kGet);
  EXPECT_EQ(client.receive_some(40), kHead.substr(0, 39) + "0");
  ASSERT_TRUE(clock_.await_sleepers(1, 10s));
  clock_.advance(1s);
  EXPECT_EQ(client.await_end(), ECONNRESET);
  EXPECT_EQ(client.unread(), "1234");
}

TEST_F(FaultsTest, ARefusingServerTakesNoConnectionUntilItsTimeIsOver) {
  const auto server = serve({.refuse = 5s});
  RawClient idle{server->port()};
  RawClient client{server->port()};
  client.send(kGet);
  const auto last = client.receive();
  EXPECT_EQ(last.body, "0123456789") << "the reply itself arrives";
  EXPECT_NE(last.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(client.await_end(), 0);
  EXPECT_EQ(idle.await_end(), ECONNRESET) << "open connections are lost";
  EXPECT_FALSE(RawClient{server->port()}.connected());
  ASSERT_TRUE(clock_.await_sleepers(1, 10s));
  clock_.advance(5s - 1ms);
  EXPECT_FALSE(RawClient{server->port()}.connected());
  clock_.advance(1ms);
  ASSERT_TRUE(testing_support::eventually([&] { return server->is_up(); }));
  RawClient again{server->port()};
  again.send(kGet);
  EXPECT_EQ(again.receive().status, 200);
}

TEST_F(FaultsTest, ARefusalThatIsOverDoesNotEndTheNextOne) {
  auto issuer = std::make_shared<std::shared_ptr<int>>(std::make_shared<int>());
  const std::weak_ptr<int> needed = *issuer;
  auto server = Server::start({}, [&](const oidc::HttpRequest&) {
    ServedReply served;
    served.clock = &clock_;
    served.keep_alive = std::exchange(*issuer, nullptr);
    served.reply.response.status = 200;
    served.reply.delivery.refuse = 5s;
    return served;
  });
  ASSERT_TRUE(server);
  RawClient client{(*server)->port()};
  client.send(kGet);
  EXPECT_EQ(client.receive().status, 200);
  ASSERT_TRUE(clock_.await_sleepers(1, 10s));
  ASSERT_TRUE((*server)->bring_up());
  (*server)->take_down();  // for good
  clock_.advance(5s);
  ASSERT_TRUE(testing_support::eventually([&] { return needed.expired(); })) << "who slept has finished";
  EXPECT_FALSE((*server)->is_up());
}

TEST_F(FaultsTest, AServerIsTakenDownAndBroughtUpAtTheSamePort) {
  const auto server = serve({});
  const auto port = server->port();
  RawClient open{port};
  open.send(kGet);
  EXPECT_EQ(open.receive().status, 200);
  server->take_down();
  server->take_down();  // again: harmless
  EXPECT_FALSE(server->is_up());
  EXPECT_EQ(open.await_end(), ECONNRESET);
  EXPECT_FALSE(RawClient{port}.connected());
  ASSERT_TRUE(server->bring_up());
  ASSERT_TRUE(server->bring_up());
  RawClient again{port};
  again.send(kGet);
  EXPECT_EQ(again.receive().status, 200);
}

TEST_F(FaultsTest, AServerThatIsDownCanEnd) {
  auto server = serve({.refuse = 1h});
  RawClient client{server->port()};
  client.send(kGet);
  EXPECT_EQ(client.receive().status, 200);
  ASSERT_TRUE(clock_.await_sleepers(1, 10s));
  server.reset();
}

}  // namespace
}  // namespace mockserver
