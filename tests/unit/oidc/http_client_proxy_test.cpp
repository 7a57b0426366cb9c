#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/base64url.hpp"
#include "oidc/http_client.hpp"
#include "raw_server.hpp"
#include "status_matchers.hpp"
#include "tls_server.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;
using test::RawConnection;
using test::RawServer;
using test::TlsServer;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// What a proxy was asked.
class Heard {
 public:
  std::string read(RawConnection& connection) {
    std::string request = connection.read_request();
    const std::lock_guard lock{mutex_};
    requests_.push_back(request);
    return request;
  }
  std::string request(std::size_t index) const {
    const std::lock_guard lock{mutex_};
    return requests_.at(index);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded by mutex_
};

/// "127.0.0.1:<port>"
std::string place(const std::string& url) {
  return parse_url(url).value().origin().substr(parse_url(url).value().scheme.size() + 3);
}

HttpClientOptions through(const std::string& proxy, const std::string& ca_file = "") {
  HttpClientOptions options;
  options.proxies = {.http = proxy, .https = proxy, .exceptions = {"direct.test"}};
  options.ca_file = ca_file;
  options.connect_timeout = std::chrono::seconds{5};
  return options;
}

constexpr std::string_view kReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

TEST(HttpProxyTest, PlainHttpIsHandedOverWholeOnOneConnection) {
  Heard heard;
  const RawServer proxy{[&](RawConnection& connection) {
    while (!heard.read(connection).empty()) {
      connection.write(kReply);
    }
  }};
  HttpClient client{through("http://user:pass@" + place(proxy.url()))};
  HttpRequest request{"POST", "http://as.test:8080/token?x=1", {{"Proxy-Authorization", "Basic mine"}}, "a=1"};
  ASSERT_THAT(client.send(request), IsOk());
  request.url = "http://other.test/";
  ASSERT_THAT(client.send(request), IsOk());
  EXPECT_EQ(proxy.accepted(), 1);
  EXPECT_THAT(heard.request(0), StartsWith("POST http://as.test:8080/token?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(heard.request(0), HasSubstr("\r\nHost: as.test:8080\r\n"));
  EXPECT_THAT(heard.request(0), HasSubstr("\r\nProxy-Authorization: Basic " + base64_encode("user:pass") + "\r\n"));
  EXPECT_THAT(heard.request(0), Not(HasSubstr("Basic mine")));
  EXPECT_THAT(heard.request(1), StartsWith("POST http://other.test/ HTTP/1.1\r\n"));
}

TEST(HttpProxyTest, LoopbackIsReachedDirectly) {
  const RawServer server{[](RawConnection& connection) {
    connection.read_request();
    connection.write(kReply);
  }};
  HttpClient client{through(place(test::closed_port_url()))};
  EXPECT_THAT(client.send({"GET", server.url(), {}, ""}), IsOk());
}

TEST(HttpProxyTest, HttpsGoesThroughATunnelAndTheServerProvesItself) {
  Heard heard;
  const TlsServer server{"DNS:as.test", [&](RawConnection& connection) {
                           heard.read(connection);
                           connection.write("HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n");
                         }};
  HttpClient client{through("http://user:pass@" + place(server.url()), server.ca_file())};
  for (int i = 0; i < 2; ++i) {
    const auto response = client.send({"GET", "https://as.test/secret", {{"Authorization", "Bearer t"}}, ""});
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->body, "{}");
  }
  EXPECT_EQ(server.handshakes(), 1) << "the tunnel is kept";
  EXPECT_EQ(server.requests(), 2);
  EXPECT_THAT(heard.request(0),
              StartsWith("CONNECT as.test:443 HTTP/1.1\r\nHost: as.test:443\r\nUser-Agent: assay\r\n"));
  EXPECT_THAT(heard.request(0), HasSubstr("\r\nProxy-Authorization: Basic " + base64_encode("user:pass") + "\r\n"));
  EXPECT_THAT(heard.request(0), Not(HasSubstr("Bearer t")));
}

TEST(HttpProxyTest, AProxyCannotPoseAsTheServer) {
  Heard heard;
  const TlsServer impostor{"DNS:proxy.test", [&](RawConnection& connection) {
                             heard.read(connection);
                             connection.write("HTTP/1.1 200 OK\r\n\r\n");
                           }};
  HttpClient client{through(place(impostor.url()), impostor.ca_file())};
  EXPECT_THAT(client.send({"GET", "https://as.test/", {}, ""}), FailsWith(Errc::kTls));
  EXPECT_EQ(impostor.requests(), 0);
}

TEST(HttpProxyTest, AProxyThatRefusesIsADefiniteFailureToConnect) {
  for (const char* answer : {"HTTP/1.1 407 Authenticate\r\nContent-Length: 5\r\n\r\nplease", "nonsense\r\n\r\n", ""}) {
    Heard heard;
    const RawServer proxy{[&](RawConnection& connection) {
      heard.read(connection);
      connection.write(answer);
    }};
    HttpClient client{through(place(proxy.url()))};
    const auto response = client.send({"POST", "https://as.test/", {}, "code=c"});
    ASSERT_THAT(response, FailsWith(Errc::kConnectFailed, HasSubstr("proxy"))) << answer;
    EXPECT_TRUE(response.error().definite);
    EXPECT_THAT(heard.request(0), Not(HasSubstr("code=c")));
  }
}

TEST(HttpProxyTest, AProxyThatIsDownOrNoneIsToldWithoutItsPassword) {
  HttpClient down{through("user:hunter2@" + place(test::closed_port_url()))};
  EXPECT_THAT(down.send({"GET", "https://as.test/", {}, ""}),
              FailsWith(Errc::kConnectFailed, Not(HasSubstr("hunter2"))));
  HttpClient wrong{through("socks5://user:hunter2@p")};
  EXPECT_THAT(wrong.send({"GET", "https://as.test/", {}, ""}),
              FailsWith(Errc::kInvalidArgument, Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace oidc
