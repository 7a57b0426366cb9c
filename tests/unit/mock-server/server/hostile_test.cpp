// What no good client sends: refused within limits, while others are served.

#include <gtest/gtest.h>

#include <stdexcept>

#include "mockserver/control.hpp"
#include "mockserver/serving.hpp"
#include "oidc/json.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;
using namespace std::chrono_literals;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

std::string post(const std::string& path, const std::string& body, const std::string& type) {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string form(const std::string& body) {
  return post("/alpha/token", body, "application/x-www-form-urlencoded");
}

/// Whose body is a request of its own, to whoever takes the first for one without a body.
std::string smuggled(const std::string& coding, const std::string& version = "1.1") {
  return "POST /alpha/token HTTP/" + version + "\r\nHost: x\r\n" + coding +
         "\r\n\r\nGET /alpha/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string many_parameters() {
  std::string result;
  for (int i = 0; i < 100'000; ++i) {
    result += "p" + std::to_string(i) + "=1&";
  }
  return result;
}

class HostileTest : public ::testing::Test {
 protected:
  HostileTest() {
    issuer_ = issuers_.create("alpha", parse_issuer_config(oidc::Json::object()).value(), clock_).value();
  }
  ~HostileTest() override { control_.end_waits(); }

  static std::unique_ptr<Server> start(Handler handler, ServerOptions options) {
    auto server = Server::start(std::move(options), std::move(handler));
    return server ? *std::move(server) : throw std::runtime_error{server.error().message};
  }
  /// Sends it from a thread of its own: the server may stop reading half-way.
  static RawClient::Response ask(const Server& server, const std::string& request) {
    RawClient client{server.port()};
    std::thread sending{[&] { client.send(request); }};
    auto response = client.receive();
    sending.join();
    return response;
  }
  void expect_served() const { EXPECT_EQ(ask(*server_, "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\n\r\n").status, 200); }

  oidc::VirtualClock clock_{oidc::TimePoint{1'900'000'000s}};
  Issuers issuers_{"http://127.0.0.1:1"};
  std::shared_ptr<Issuer> issuer_;
  Control control_{issuers_, ""};
  std::unique_ptr<Server> server_ = start(issuer_handler(issuers_), {.threads = 1});
  std::unique_ptr<Server> control_server_ = start(control_handler(control_), {.blocking_handlers = true});
};

struct HostileCase {
  const char* name;
  std::string request;
  int status;
};
class HostileRequestTest : public HostileTest, public ::testing::WithParamInterface<HostileCase> {};

TEST_P(HostileRequestTest, GetsAnErrorAndLeavesTheServerWell) {
  const auto response = ask(*server_, GetParam().request);
  EXPECT_EQ(response.status, GetParam().status) << response.body;
  EXPECT_TRUE(oidc::parse_json(response.body)) << response.body;
  expect_served();
}
const std::string kNul{"\0", 1};
const HostileCase kHostile[] = {
    {"AHundredThousandHeaders", "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\n" + repeated("a: b\r\n", 100'000) + "\r\n",
     431},
    {"AnEndlessTarget", "GET /alpha/" + std::string(1U << 20U, 'a'), 431},
    {"NulInTheTarget", "GET /alpha/jwks" + kNul + " HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"NulInAHeader", "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\nX: a" + kNul + "b\r\n\r\n", 400},
    {"ANewLineAlone", "GET /alpha/jwks HTTP/1.1\nHost: x\n\n", 400},
    {"ASpaceBeforeTheColon", "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n", 400},
    {"LengthAndChunks",
     "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"AnUnknownCoding", smuggled("Transfer-Encoding: identity"), 400},
    {"ChunkedAndThenAnother", smuggled("Transfer-Encoding: chunked, gzip"), 400},
    {"AnotherAndThenChunked", smuggled("Transfer-Encoding: gzip, chunked"), 400},
    {"ChunkedTwice", smuggled("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
    {"ChunkedInTwoFields", smuggled("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"), 400},
    {"AlmostChunked", smuggled("Transfer-Encoding: xchunked"), 400},
    {"ChunkedWithAParameter", smuggled("Transfer-Encoding: chunked;q=1"), 400},
    {"NoCoding", smuggled("Transfer-Encoding:"), 400},
    {"ChunkedBeforeChunksWere", smuggled("Transfer-Encoding: chunked", "1.0"), 400},
    {"ANegativeLength", "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
    {"AnOverflowingLength", "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
     400},
    {"ABadChunkSize", "POST /alpha/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
    {"ThreeMebibytes", form(std::string(3U << 20U, 'a')), 413},
    {"AMebibyteOfOneValue", form("grant_type=" + std::string(1U << 20U, 'a')), 413},
    {"AHundredThousandParameters", form(many_parameters()), 400},
    {"AMebibyteOfParameters", form(repeated("a=b&", 1U << 18U)), 400},
    {"NulInAParameter", form("grant_type=client_credentials&client_id=a%00b"), 400},
    {"NulInTheBody", form("grant_type=client_credentials&client_id=a" + kNul + "b"), 400},
    {"InvalidUtf8", form("grant_type=%ff%fe&client_id=%c3%28"), 400},
    {"InvalidUtf8AsItIs", form("grant_type=\xff\xfe&client_id=\xc3\x28"), 400},
    {"ABrokenEscape", form("grant_type=%zz"), 400},
    {"DeepJsonForAForm", post("/alpha/token", repeated("[", 100'000), "application/json"), 400},
};
INSTANTIATE_TEST_SUITE_P(Requests, HostileRequestTest, ::testing::ValuesIn(kHostile),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(HostileTest, ABodyWhoseEndNobodyKnowsIsNoRequest) {
  for (const char* coding : {"identity", "chunked, gzip", "xchunked", ""}) {
    RawClient client{server_->port()};
    client.send(smuggled("Transfer-Encoding: " + std::string{coding}));
    EXPECT_EQ(client.receive().status, 400) << coding;
    EXPECT_EQ(client.await_end(), 0) << coding;
    EXPECT_EQ(client.unread(), "") << coding << ": a second reply";
  }
  EXPECT_EQ(issuer_->journal().size(), 0U);
  RawClient good{server_->port()};
  good.send("POST /alpha/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(good.receive().body.find("Transfer-Encoding"), std::string::npos) << "its name has any case";
}

TEST_F(HostileTest, InvalidUtf8InAHeaderHarmsNeitherReplyNorJournal) {
  const auto response =
      ask(*server_, "GET /alpha/userinfo?\xff=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n");
  EXPECT_GE(response.status, 400);
  EXPECT_LT(response.status, 500);
  EXPECT_EQ(ask(*control_server_, "GET /v1/issuers/alpha/requests HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST_F(HostileTest, DeepJsonIsAProblemOfTheControlApi) {
  for (const char* opening : {"[", "{\"a\":"}) {
    const auto response = ask(*control_server_, post("/v1/issuers", repeated(opening, 100'000), "application/json"));
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(response.body.find("nested deeper"), std::string::npos) << response.body;
  }
  EXPECT_EQ(issuers_.names().size(), 1U);
}

TEST_F(HostileTest, SlowClientsHoldUpNobody) {
  std::vector<RawClient> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(server_->port());
    slow.back().send(i % 2 == 0 ? "GET /alpha/jwks HT"
                                : "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na");
  }
  expect_served();
  slow.front().send("TP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(slow.front().receive().status, 200) << "slow is not wrong";
}

TEST_F(HostileTest, ARequestThatDribblesIsEndedByItsDeadline) {
  const auto server = start(issuer_handler(issuers_), {.header_timeout = 20ms, .body_timeout = 20ms});
  RawClient header{server->port()};
  header.send("GET /alpha/jwks HTTP/1.1\r\nX");
  RawClient body{server->port()};
  body.send("POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na");
  EXPECT_EQ(header.await_end(), 0);
  EXPECT_EQ(body.await_end(), 0);
}

TEST_F(HostileTest, AClientThatNeverReadsIsEndedByItsDeadline) {
  const auto handler = [](const oidc::HttpRequest&) {
    ServedReply served;
    served.reply.response = {.status = 200, .headers = {}, .body = std::string(64U << 20U, 'x')};
    return served;
  };
  const auto server = start(handler, {.idle_timeout = 100ms});
  RawClient deaf{server->port()};
  deaf.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  // The server gives up: what was on its way still comes, the rest never does.
  ASSERT_TRUE(testing_support::eventually([&] { return !deaf.send("x"); }));
}

TEST_F(HostileTest, TheServerEndsWhateverItsClientsDo) {
  std::vector<RawClient> clients;
  for (const char* text : {"", "G", "GET /alpha/jwks HTTP/1.1\r\nHost: x\r\n\r\n",
                           "POST /alpha/token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na",
                           "POST /alpha/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    clients.emplace_back(server_->port());
    clients.back().send(text);
  }
  server_.reset();
  for (RawClient& client : clients) {
    EXPECT_NE(client.await_end(), EAGAIN);
  }
}

}  // namespace
}  // namespace mockserver
