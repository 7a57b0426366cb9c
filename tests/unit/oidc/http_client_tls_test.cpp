#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "oidc/http_client.hpp"
#include "raw_server.hpp"
#include "status_matchers.hpp"
#include "tls_server.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;
using test::TlsServer;

Result<HttpResponse> get(HttpClient& client, const std::string& url) {
  return client.send({"GET", url, {}, ""});
}

HttpClientOptions trusting(const TlsServer& server) {
  HttpClientOptions options;
  options.ca_file = server.ca_file();
  return options;
}

TEST(HttpsTest, ATrustedServerAnswersOnOneConnection) {
  const TlsServer server{"IP:127.0.0.1"};
  HttpClient client{trusting(server)};
  for (int i = 0; i < 3; ++i) {
    const auto response = get(client, server.url());
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->body, "{}");
  }
  EXPECT_EQ(server.handshakes(), 1);
  EXPECT_EQ(server.requests(), 3);
}

TEST(HttpsTest, AnUnknownCertificateIsRefusedBeforeTheRequest) {
  const TlsServer server{"IP:127.0.0.1"};
  HttpClient client;
  const auto response = get(client, server.url());
  ASSERT_THAT(response, FailsWith(Errc::kTls, testing::HasSubstr("not trusted")));
  EXPECT_TRUE(response.error().definite);
  EXPECT_EQ(server.requests(), 0);
}

TEST(HttpsTest, ACertificateOfAnotherHostIsRefused) {
  for (const char* names : {"IP:127.0.0.2", "DNS:127.0.0.1", "DNS:example.com"}) {
    const TlsServer server{names};
    HttpClient client{trusting(server)};
    EXPECT_THAT(get(client, server.url()), FailsWith(Errc::kTls)) << names;
    EXPECT_EQ(server.requests(), 0);
  }
}

TEST(HttpsTest, APlainServerIsATlsError) {
  const test::RawServer server{[](test::RawConnection& connection) { connection.write("HTTP/1.1 400 Bad\r\n\r\n"); }};
  HttpClient client;
  const auto response = get(client, "https" + server.url().substr(4));
  ASSERT_THAT(response, FailsWith(Errc::kTls));
  EXPECT_TRUE(response.error().definite);
}

TEST(HttpsTest, AHandshakeThatNeverEndsIsGivenUp) {
  const test::RawServer server{[](test::RawConnection& connection) { connection.hang(); }};
  HttpClientOptions options;
  options.connect_timeout = std::chrono::milliseconds{100};
  HttpClient client{options};
  const auto before = std::chrono::steady_clock::now();
  const auto response = get(client, "https" + server.url().substr(4));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{20}) << "the whole exchange has 60";
  ASSERT_THAT(response, FailsWith(Errc::kConnectFailed));
  EXPECT_TRUE(response.error().definite);
}

// As a server does that restarts, or a balancer without one: to try again is safe and right.
TEST(HttpsTest, AHandshakeThatIsBrokenOffIsAFailureToConnect) {
  for (const bool resets : {false, true}) {
    const test::RawServer server{[resets](test::RawConnection& connection) {
      const linger at_once{1, 0};
      setsockopt(connection.socket(), SOL_SOCKET, SO_LINGER, &at_once, resets ? sizeof at_once : 0);
    }};
    HttpClient client;
    const auto response = get(client, "https" + server.url().substr(4));
    ASSERT_THAT(response, FailsWith(Errc::kConnectFailed)) << resets;
    EXPECT_TRUE(response.error().definite);
  }
}

TEST(HttpsTest, AMissingAnchorFileIsATlsError) {
  HttpClientOptions options;
  options.ca_file = "/nowhere/ca.pem";
  HttpClient client{options};
  EXPECT_THAT(get(client, "https://127.0.0.1:1/"), FailsWith(Errc::kTls, testing::HasSubstr("trust anchors")));
}

}  // namespace
}  // namespace oidc
