#include "mockserver/server.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "oidc/clock.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;
using namespace std::chrono_literals;

ServedReply text_reply(std::string body) {
  return {.reply = {.response = {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(body)},
                    .delivery = {}}};
}

/// "METHOD url body", so that a test sees what the handler saw.
ServedReply echo(const oidc::HttpRequest& request) {
  return text_reply(request.method + " " + request.url + " " + request.body);
}

std::unique_ptr<Server> start(Handler handler, ServerOptions options = {}) {
  auto server = Server::start(std::move(options), std::move(handler));
  return server ? *std::move(server) : throw std::runtime_error{server.error().message};
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST(Server, GivesTheHandlerAnAbsoluteUrlOfItsOwnOrigin) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send("POST /alpha/token?x=%20 HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 3\r\n\r\na=b");
  EXPECT_EQ(client.receive().body, "POST " + server->origin() + "/alpha/token?x=%20 a=b");
  EXPECT_EQ(server->origin(), "http://127.0.0.1:" + std::to_string(server->port()));
}

TEST(Server, TakesAnAbsoluteRequestTarget) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send("GET http://other:1/a?b HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_EQ(client.receive().body, "GET " + server->origin() + "/a?b ");
}

TEST(Server, KeepsAConnectionForManyRequests) {
  const auto server = start(echo);
  RawClient client{server->port()};
  for (int i = 0; i < 20; ++i) {
    client.send(get("/" + std::to_string(i)));
    EXPECT_EQ(client.receive().body, "GET " + server->origin() + "/" + std::to_string(i) + " ");
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send(get("/1") + get("/2") + get("/3"));
  for (const char* path : {"/1", "/2", "/3"}) {
    EXPECT_EQ(client.receive().body, "GET " + server->origin() + path + " ");
  }
}

TEST(Server, ReadsChunkedBodies) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "POST " + server->origin() + "/ abcde");
}

TEST(Server, ClosesAfterTheReplyIfTheClientSaysSo) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto response = client.receive();
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.head.find("Connection: close"), std::string::npos);
  EXPECT_EQ(client.await_end(), 0);
}

TEST(Server, ClosesAfterTheReplyIfTheHandlerSaysSo) {
  const auto server = start([](const auto&) {
    auto reply = text_reply("bye");
    reply.reply.response.headers.set("Connection", "close");
    return reply;
  });
  RawClient client{server->port()};
  client.send(get("/"));
  EXPECT_EQ(client.receive().body, "bye");
  EXPECT_EQ(client.await_end(), 0);
}

TEST(Server, SendsTheHandlersHeadersAndNoDateOfItsOwn) {
  const auto server = start([](const auto&) {
    auto reply = text_reply("{}");
    reply.reply.response.headers.add("Set-Cookie", "a=1");
    reply.reply.response.headers.add("Set-Cookie", "b=2\r\nX-Injected: 1");
    return reply;
  });
  RawClient client{server->port()};
  client.send(get("/"));
  EXPECT_EQ(client.receive().head,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2  X-Injected: 1\r\n"
            "Content-Length: 2\r\n");
}

TEST(Server, AnswersHeadWithTheLengthAndNoBody) {
  const auto server = start([](const auto&) { return text_reply("12345"); });
  RawClient client{server->port()};
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get("/"));
  EXPECT_EQ(RawClient::content_length(client.receive(true).head), 5U);
  EXPECT_EQ(client.receive().body, "12345");  // nothing of the first reply's body came before
}

TEST(Server, AsksForTheBodyOfAClientThatWaits) {
  const auto server = start(echo);
  RawClient client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 100);
  client.send("ab");
  EXPECT_EQ(client.receive().body, "POST " + server->origin() + "/ ab");
}

TEST(Server, TurnsAThrowingHandlerInto500) {
  const auto server = start([](const auto&) -> ServedReply { throw std::runtime_error{"secret"}; });
  RawClient client{server->port()};
  client.send(get("/"));
  const auto response = client.receive();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

struct Refused {
  const char* name;
  std::string request;
  int status;
};
class RefusedRequestTest : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedRequestTest, IsAProblemAndTheEndOfTheConnection) {
  const auto server = start(echo, {.max_header_bytes = 1024, .max_body_bytes = 100});
  RawClient client{server->port()};
  client.send(GetParam().request);
  const auto response = client.receive();
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_NE(response.head.find("Content-Type: application/problem+json"), std::string::npos) << response.head;
  EXPECT_NE(response.head.find("Access-Control-Allow-Origin: *"), std::string::npos) << "pages may read errors, too";
  EXPECT_EQ(nlohmann::json::parse(response.body).at("status"), GetParam().status);
  client.finish_sending();
  EXPECT_EQ(client.await_end(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedRequestTest,
    ::testing::Values(
        Refused{"NotHttp", "hello\r\n\r\n", 400}, Refused{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        Refused{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Refused{"AsteriskTarget", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"ConnectTarget", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"HugeHeader", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'x') + "\r\n\r\n", 431},
        Refused{"HugeHeaderInOneEndlessLine", "GET /" + std::string(5000, 'x'), 431},
        Refused{"HugeBody", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + std::string(9000, 'x'), 413},
        Refused{"HugeBodyAnnounced",
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n", 413},
        Refused{"HugeChunkedBody",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n" + std::string(200, 'x') +
                    "\r\n0\r\n\r\n",
                413},
        Refused{"TwoLengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Server, ServesANewConnectionBesideManyIdleOnes) {
  const auto server = start(echo);
  std::vector<RawClient> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(server->port());
    ASSERT_TRUE(idle.back().connected());
  }
  RawClient client{server->port()};
  client.send(get("/"));
  EXPECT_EQ(client.receive().status, 200);
  for (RawClient& each : idle) {
    each.send(get("/"));
    EXPECT_EQ(each.receive().status, 200);
  }
}

TEST(Server, ClosesAnIdleConnection) {
  const auto server = start(echo, {.idle_timeout = 20ms});
  RawClient client{server->port()};
  EXPECT_EQ(client.await_end(), 0);
}

TEST(Server, ClosesAConnectionWhoseHeaderDribbles) {
  const auto server = start(echo, {.header_timeout = 50ms});
  RawClient slow{server->port()};
  slow.send("GET / HTTP/1.1\r\n");
  // Each new byte must not buy more time: 10,000 of them would take for ever if it did.
  bool open = true;
  for (int i = 0; open && i < 10'000; ++i) {
    RawClient other{server->port()};
    other.send(get("/"));
    EXPECT_EQ(other.receive().status, 200);
    open = slow.send("X");
  }
  EXPECT_FALSE(open);
}

TEST(Server, ClosesAConnectionWhoseBodyDoesNotCome) {
  const auto server = start(echo, {.body_timeout = 20ms});
  RawClient client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(client.await_end(), 0);
  EXPECT_EQ(client.unread(), "");
}

TEST(Server, DropsByResettingTheConnection) {
  const auto server = start([](const auto&) {
    auto reply = text_reply("never seen");
    reply.reply.delivery.fault = Fault::kReset;
    return reply;
  });
  RawClient client{server->port()};
  client.send(get("/"));
  EXPECT_EQ(client.await_end(), ECONNRESET);
  EXPECT_EQ(client.unread(), "");
}

class DelayTest : public ::testing::Test {
 protected:
  ServedReply reply(const oidc::HttpRequest& request) {
    auto served = echo(request);
    served.clock = &clock_;
    served.reply.delivery.delay = request.url.ends_with("/slow") ? 1h : 0s;
    return served;
  }
  oidc::VirtualClock clock_{oidc::TimePoint{1'900'000'000s}};
};

TEST_F(DelayTest, HoldsAReplyBackOnItsClockWhileOthersAreServed) {
  const auto server = start([this](const auto& request) { return reply(request); }, {.threads = 1});
  std::vector<RawClient> slow;
  for (int i = 0; i < 5; ++i) {
    slow.emplace_back(server->port());
    slow.back().send(get("/slow"));
  }
  clock_.await_sleepers(5);
  RawClient quick{server->port()};
  quick.send(get("/quick"));
  EXPECT_EQ(quick.receive().status, 200);

  clock_.advance(1h - 1ms);
  clock_.await_sleepers(5);
  clock_.advance(1ms);
  for (RawClient& client : slow) {
    EXPECT_EQ(client.receive().body, "GET " + server->origin() + "/slow ");
  }
}

TEST_F(DelayTest, EndsWithTheServer) {
  auto server = start([this](const auto& request) { return reply(request); });
  RawClient client{server->port()};
  client.send(get("/slow"));
  clock_.await_sleepers(1);
  server.reset();
  EXPECT_EQ(client.await_end(), 0);
  EXPECT_EQ(client.unread(), "");
}

TEST_F(DelayTest, KeepsWhatTheDeliveryNeedsUntilItIsDone) {
  auto needed = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = needed;
  const auto server = start([&](const auto& request) {
    auto served = reply(request);
    served.keep_alive = std::exchange(needed, nullptr);
    return served;
  });
  RawClient client{server->port()};
  client.send(get("/slow"));
  clock_.await_sleepers(1);
  EXPECT_FALSE(watch.expired());
  clock_.advance(1h);
  EXPECT_EQ(client.receive().status, 200);
}

/// A handler that blocks until the test lets it go.
class Gate {
 public:
  void pass() {
    std::unique_lock lock{mutex_};
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void await(int waiting) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }
  void open() {
    const std::scoped_lock lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

TEST(Server, ServesOthersWhileHandlersBlock) {
  Gate gate;
  const auto server = start(
      [&](const oidc::HttpRequest& request) {
        if (request.url.ends_with("/wait")) {
          gate.pass();
        }
        return echo(request);
      },
      {.threads = 1, .blocking_handlers = true});
  std::vector<RawClient> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back(server->port());
    waiting.back().send(get("/wait"));
  }
  gate.await(8);
  RawClient other{server->port()};
  other.send(get("/other"));
  EXPECT_EQ(other.receive().status, 200);
  gate.open();
  for (RawClient& client : waiting) {
    EXPECT_EQ(client.receive().status, 200);
  }
}

TEST(Server, StopsWithOpenConnections) {
  auto server = start(echo);
  RawClient idle{server->port()};
  RawClient used{server->port()};
  used.send(get("/"));
  EXPECT_EQ(used.receive().status, 200);
  RawClient partial{server->port()};
  partial.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Le");
  const auto port = server->port();
  server.reset();
  EXPECT_EQ(used.await_end(), 0);
  EXPECT_FALSE(RawClient{port}.connected());
}

TEST(Server, SaysWhichPortIsInUse) {
  const auto first = start(echo);
  const auto second = Server::start({.port = first->port()}, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, oidc::Errc::kInvalidArgument);
  EXPECT_EQ(second.error().message, "127.0.0.1:" + std::to_string(first->port()) + " is in use");
}

TEST(Server, CanTakeAPortAgainAtOnce) {
  auto server = start(echo);
  const auto port = server->port();
  RawClient client{port};
  client.send(get("/"));
  EXPECT_EQ(client.receive().status, 200);
  server.reset();  // the server closed first: its side of the connection lingers in TIME_WAIT
  EXPECT_EQ(client.await_end(), 0);
  EXPECT_TRUE(Server::start({.port = port}, echo));
}

TEST(Server, NamesTheHostItCannotBindTo) {
  const auto foreign = Server::start({.host = "203.0.113.7", .port = 4}, echo);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().message, "203.0.113.7:4: not an address of this machine");
  const auto unknown = Server::start({.host = "no such host", .port = 4}, echo);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "no such host:4: no such host");
}

}  // namespace
}  // namespace mockserver
