#include "oidc/http_client.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judges.hpp"
#include "raw_server.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using namespace std::chrono_literals;
using test::FailsWith;
using test::IsOk;
using test::judges;
using test::RawConnection;
using test::RawServer;

HttpRequest get(std::string url, Headers headers = {}) {
  return {"GET", std::move(url), std::move(headers), ""};
}
HttpRequest post(std::string url, std::string body) {
  return {"POST", std::move(url), {{"Content-Type", "application/x-www-form-urlencoded"}}, std::move(body)};
}

std::string reply(std::string_view body, std::string_view headers = "", std::string_view status = "200 OK") {
  return "HTTP/1.1 " + std::string{status} + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string{headers} + "\r\n" + std::string{body};
}

/// Keeps the requests and answers each by `answer`, on connections that stay open.
class EchoServer {
 public:
  explicit EchoServer(std::function<std::string(const std::string& request)> answer)
      : answer_{std::move(answer)}, server_{[this](RawConnection& connection) {
          for (auto request = connection.read_request(); !request.empty(); request = connection.read_request()) {
            {
              const std::lock_guard lock{mutex_};
              requests_.push_back(request);
            }
            connection.write(answer_(request));
          }
        }} {}

  std::string url(std::string_view path = "/") const { return server_.url(path); }
  int accepted() const { return server_.accepted(); }
  std::vector<std::string> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  std::function<std::string(const std::string&)> answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded by mutex_
  RawServer server_;                   // last: its threads use the members above
};

HttpClientOptions hasty() {
  HttpClientOptions options;
  options.read_timeout = 150ms;
  options.total_timeout = 300ms;
  return options;
}

TEST(HttpClientTest, SendsWhatItIsGivenAndReturnsTheReply) {
  const EchoServer server{
      [](const std::string&) { return reply("{}", "Content-Type: application/json\r\nX-A: 1\r\n"); }};
  HttpClient client;
  auto request = post(server.url("/token?x=%2F&y"), "a=b+c");
  request.headers.add("Authorization", "Basic eDp5");
  const auto response = client.send(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->headers.get("content-type"), "application/json");
  ASSERT_EQ(server.requests().size(), 1U);
  const std::string sent = server.requests()[0];
  EXPECT_THAT(sent, testing::StartsWith("POST /token?x=%2F&y HTTP/1.1\r\n"));
  EXPECT_THAT(sent, testing::HasSubstr("\r\nAuthorization: Basic eDp5\r\n"));
  EXPECT_THAT(sent, testing::HasSubstr("\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_THAT(sent, testing::HasSubstr("\r\nHost: " + server.url("").substr(7) + "\r\n"));
  EXPECT_THAT(sent, testing::EndsWith("\r\n\r\na=b+c"));
}

TEST(HttpClientTest, SaysWhoSendsUnlessTheRequestDoes) {
  const EchoServer server{[](const std::string&) { return reply(""); }};
  HttpClientOptions options;
  options.user_agent = "tool/1";
  HttpClient client{options};
  ASSERT_THAT(client.send(get(server.url())), IsOk());
  auto own = get(server.url());
  own.headers.add("user-agent", "mine");
  ASSERT_THAT(client.send(own), IsOk());
  EXPECT_THAT(server.requests()[0], testing::HasSubstr("\r\nUser-Agent: tool/1\r\n"));
  EXPECT_THAT(server.requests()[1], testing::HasSubstr("\r\nuser-agent: mine\r\n"));
  EXPECT_THAT(server.requests()[1], testing::Not(testing::HasSubstr("tool/1")));
  options.user_agent = "a\r\nX: y";
  EXPECT_THAT(HttpClient{options}.send(get(server.url())), FailsWith(Errc::kInvalidArgument));
}

TEST(HttpClientTest, AnyStatusIsASuccessOfTheCall) {
  for (const std::string status : {"404 Not Found", "500 Oops", "204 No Content", "429 Slow"}) {
    const EchoServer server{[&](const std::string&) { return reply("", "", status); }};
    HttpClient client;
    const auto response = client.send(get(server.url()));
    ASSERT_THAT(response, IsOk()) << status;
    EXPECT_EQ(std::to_string(response->status), status.substr(0, 3));
  }
}

TEST(HttpClientTest, ConnectionsAreKeptAlive) {
  const EchoServer server{[](const std::string&) { return reply("x"); }};
  HttpClient client;
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(client.send(post(server.url(), "n=1")), IsOk());
  }
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClientTest, AConnectionThatTheServerClosedIsNotUsedAgain) {
  const RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.write(reply("x"));
  }};
  HttpClient client;
  for (int i = 1; i <= 3; ++i) {
    ASSERT_THAT(client.send(post(server.url(), "n=1")), IsOk());
    server.await_closed(i);
  }
  EXPECT_EQ(server.accepted(), 3);
}

TEST(HttpClientTest, ThreadsShareAClient) {
  const EchoServer server{[](const std::string& request) { return reply(request.substr(request.rfind('\n') + 1)); }};
  HttpClient client;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string body = std::to_string(t) + "-" + std::to_string(i);
        const auto response = client.send(post(server.url(), body));
        ASSERT_THAT(response, IsOk());
        EXPECT_EQ(response->body, body);
      }
    });
  }
  threads.clear();
  EXPECT_LE(server.accepted(), 4);
}

TEST(HttpClientTest, ANetrcFileIsNotRead) {
  judges({"HTTP-015", "W-40"});
  const std::string folder = testing::TempDir() + "http_client_test_home";
  std::filesystem::create_directories(folder);
  std::ofstream{folder + "/.netrc"} << "default login user password hunter2\n";
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  const EchoServer server{[](const std::string&) { return reply("x"); }};
  setenv("HOME", folder.c_str(), 1);
  setenv("NETRC", (folder + "/.netrc").c_str(), 1);
  HttpClient client;
  EXPECT_THAT(client.send(post(server.url(), "client_id=id")), IsOk());
  setenv("HOME", home.c_str(), 1);
  unsetenv("NETRC");
  std::filesystem::remove_all(folder);
  EXPECT_THAT(server.requests().at(0), testing::Not(testing::HasSubstr("Authorization")));
}

TEST(HttpClientErrorTest, NobodyListens) {
  HttpClient client;
  const auto response = client.send(get(test::closed_port_url()));
  ASSERT_THAT(response, FailsWith(Errc::kConnectFailed));
  EXPECT_TRUE(response.error().definite);
}

// Its queue is full: what asks to be connected is not answered.
TEST(HttpClientErrorTest, AServerThatDoesNotAcceptIsGivenUpByTheTimeToConnect) {
  const test::BusyPort busy;
  HttpClientOptions options;
  options.connect_timeout = 100ms;
  HttpClient client{options};
  const auto before = std::chrono::steady_clock::now();
  const auto response = client.send(get(busy.url()));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s) << "the whole exchange has 60";
  ASSERT_THAT(response, FailsWith(Errc::kConnectFailed));
  EXPECT_TRUE(response.error().definite);
}

TEST(HttpClientErrorTest, NorDoesConnectingTakeLongerThanTheWholeExchangeMay) {
  const test::BusyPort busy;
  HttpClientOptions options;
  options.total_timeout = 100ms;
  HttpClient client{options};
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(client.send(get(busy.url())), FailsWith(Errc::kConnectFailed));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s) << "connecting alone has 10";
}

TEST(HttpClientOptionsTest, WaitForAServerTenSecondsAndForItsReplyThirty) {
  judges({"A-05", "HTTP-008"});
  const HttpClientOptions options;
  EXPECT_EQ(options.connect_timeout, 10s);
  EXPECT_EQ(options.read_timeout, 30s);
  EXPECT_EQ(options.total_timeout, 60s);
}

TEST(HttpClientErrorTest, ASilentServerIsATimeout) {
  judges({"HTTP-008", "W-38", "A-05"});
  const RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.hang();
  }};
  HttpClient client{hasty()};
  const auto response = client.send(post(server.url(), "a=1"));
  ASSERT_THAT(response, FailsWith(Errc::kTimeout));
  EXPECT_FALSE(response.error().definite);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClientErrorTest, ABrokenConnectionIsANetworkErrorAndNeverSentAgain) {
  judges({"HTTP-006", "W-37"});
  const RawServer server{[](RawConnection& connection) { connection.read_request(); }};
  HttpClient client;
  for (const auto& request : {get(server.url()), post(server.url(), "a=1")}) {
    const auto response = client.send(request);
    ASSERT_THAT(response, FailsWith(Errc::kNetwork));
    EXPECT_FALSE(response.error().definite);
  }
  EXPECT_EQ(server.accepted(), 2);
}

TEST(HttpClientErrorTest, ATruncatedBodyIsANetworkError) {
  const RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":1}");
  }};
  HttpClient client;
  EXPECT_THAT(client.send(get(server.url())), FailsWith(Errc::kNetwork));
}

struct Trickle {
  const char* name;
  const char* head;
  const char* rest;
};

class TrickleTest : public testing::TestWithParam<Trickle> {};

TEST_P(TrickleTest, EndsAtTheTotalTimeout) {
  judges({"HTTP-008", "W-38"});
  const RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.write(GetParam().head);
    connection.trickle(GetParam().rest);
  }};
  HttpClient client{hasty()};
  const auto before = std::chrono::steady_clock::now();
  const auto response = client.send(get(server.url()));
  const auto took = std::chrono::steady_clock::now() - before;
  ASSERT_THAT(response, FailsWith(Errc::kTimeout));
  EXPECT_FALSE(response.error().definite);
  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, 10s);
}

INSTANTIATE_TEST_SUITE_P(
    All, TrickleTest,
    testing::Values(Trickle{"status_line", "",
                            "HTTP/1.1 200 OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO"},
                    Trickle{"headers", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n"},
                    Trickle{"body", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "x"},
                    Trickle{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"},
                    Trickle{"body_until_close", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "x"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(HttpClientErrorTest, ALargeReplyIsRefused) {
  HttpClientOptions options;
  options.max_body_bytes = 1000;
  HttpClient client{options};
  const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  for (const std::string& answer : {reply(std::string(1001, 'x')),
                                    "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nx" + std::string{},
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk}) {
    const EchoServer server{[&](const std::string&) { return answer; }};
    const auto response = client.send(get(server.url()));
    ASSERT_THAT(response, FailsWith(Errc::kResponseTooLarge));
    EXPECT_FALSE(response.error().definite);
  }
  const EchoServer server{[](const std::string&) { return reply(std::string(1000, 'x')); }};
  const auto response = client.send(get(server.url()));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body.size(), 1000U);
}

TEST(HttpClientErrorTest, AHeaderCannotSmuggleAnother) {
  HttpClient client;
  for (const HttpRequest& request :
       {get("http://127.0.0.1:1/", {{"X", "a\r\nY: b"}}), get("http://127.0.0.1:1/", {{"X: y", "a"}}),
        get("http://127.0.0.1:1/", {{"", "a"}}), HttpRequest{"GET / HTTP/1.1\r\nX:", "http://127.0.0.1:1/", {}, ""},
        get("http://127.0.0.1:1/ x"), get("ftp://127.0.0.1/"), get("/relative")}) {
    EXPECT_THAT(client.send(request), FailsWith(Errc::kInvalidArgument)) << request.url;
  }
}

TEST(HttpClientHeadTest, HeadHasNoBody) {
  const EchoServer server{[](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"; }};
  HttpClient client{hasty()};
  const auto response = client.send({"HEAD", server.url(), {}, ""});
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "");
}

std::string redirect(const std::string& location, const std::string& status = "302 Found") {
  return reply("moved", "Location: " + location + "\r\n", status);
}

TEST(RedirectTest, AGetIsFollowedWithItsHeadersOnTheSameOrigin) {
  for (const std::string status : {"301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"}) {
    const EchoServer server{[&](const std::string& request) {
      return request.starts_with("GET /a/b ") ? redirect("../c?x=%41#frag", status) : reply("there");
    }};
    HttpClient client;
    const auto response = client.send(get(server.url("/a/b"), {{"Authorization", "Bearer t"}}));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->body, "there") << status;
    ASSERT_EQ(server.requests().size(), 2U);
    EXPECT_THAT(server.requests()[1], testing::StartsWith("GET /c?x=%41 HTTP/1.1\r\n"));
    EXPECT_THAT(server.requests()[1], testing::HasSubstr("Authorization: Bearer t"));
  }
}

TEST(RedirectTest, AuthorizationStaysAtItsOrigin) {
  judges({"HTTP-014", "UINF-002"});
  const EchoServer elsewhere{[](const std::string&) { return reply("there"); }};
  const EchoServer server{[&](const std::string&) { return redirect(elsewhere.url("/x")); }};
  HttpClient client;
  const auto response =
      client.send(get(server.url(), {{"authorization", "Bearer t"}, {"Cookie", "s=1"}, {"X-A", "1"}}));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "there");
  ASSERT_EQ(elsewhere.requests().size(), 1U);
  EXPECT_THAT(elsewhere.requests()[0], testing::Not(testing::HasSubstr("Bearer t")));
  EXPECT_THAT(elsewhere.requests()[0], testing::Not(testing::HasSubstr("s=1")));
  EXPECT_THAT(elsewhere.requests()[0], testing::HasSubstr("X-A: 1"));
  EXPECT_THAT(elsewhere.requests()[0], testing::HasSubstr("Host: " + elsewhere.url("").substr(7)));
}

TEST(RedirectTest, APostIsNeverRedirected) {
  judges({"HTTP-014", "W-39"});
  for (const std::string status : {"302 Found", "307 Temporary", "308 Permanent"}) {
    const EchoServer server{[&](const std::string&) { return redirect("/other", status); }};
    HttpClient client;
    const auto response = client.send(post(server.url(), "refresh_token=x"));
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(std::to_string(response->status), status.substr(0, 3));
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(RedirectTest, ALoopEndsWithTheRedirectItself) {
  const EchoServer server{[&](const std::string&) { return redirect("/again"); }};
  HttpClientOptions options;
  options.max_redirects = 3;
  HttpClient client{options};
  const auto response = client.send(get(server.url()));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests().size(), 4U);
}

TEST(RedirectTest, WhatLeadsNowhereIsTheReply) {
  for (const char* location : {"ftp://h/", "http://user@h/", "javascript:alert(1)", "http://[bad/"}) {
    const EchoServer server{[&](const std::string&) { return redirect(location); }};
    HttpClient client;
    const auto response = client.send(get(server.url()));
    ASSERT_THAT(response, IsOk()) << location;
    EXPECT_EQ(response->status, 302);
  }
}

}  // namespace
}  // namespace oidc
