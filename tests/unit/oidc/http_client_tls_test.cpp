#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "oidc/http_client.hpp"
#include "oidc/openssl.hpp"
#include "raw_server.hpp"
#include "status_matchers.hpp"

namespace oidc {
namespace {

using test::FailsWith;
using test::IsOk;

using SslCtx = std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, OpenSslDeleter<SSL_free>>;

/// A self-signed certificate for those names ("DNS:localhost,IP:127.0.0.1").
X509Certificate make_certificate(EVP_PKEY* key, const std::string& names) {
  X509Certificate certificate{X509_new()};
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>("127.0.0.1");  // must never count
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

/// Answers each request on each connection by `{}` over TLS.
class TlsServer {
 public:
  explicit TlsServer(const std::string& names)
      : key_{EVP_EC_gen("P-256")},
        certificate_{make_certificate(key_.get(), names)},
        context_{SSL_CTX_new(TLS_server_method())} {
    SSL_CTX_use_certificate(context_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    ca_file_ = testing::TempDir() + "oidc_tls_test_" + std::to_string(getpid()) + ".pem";
    std::FILE* file = std::fopen(ca_file_.c_str(), "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() { std::filesystem::remove(ca_file_); }

  std::string url() const { return "https" + server_.url().substr(4); }
  std::string ca_file() const { return ca_file_; }
  int handshakes() const { return handshakes_; }
  int requests() const { return requests_; }

 private:
  void serve(int socket) {
    sigset_t sigpipe{};  // OpenSSL would raise it when a client leaves early
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
    const Ssl ssl{SSL_new(context_.get())};
    SSL_set_fd(ssl.get(), socket);
    if (SSL_accept(ssl.get()) != 1) {
      return;
    }
    ++handshakes_;
    std::string text;
    std::array<char, 4096> buffer{};
    for (int count = 1; count > 0;) {
      count = SSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
      text.append(buffer.data(), static_cast<std::size_t>(std::max(count, 0)));
      if (text.find("\r\n\r\n") != std::string::npos) {
        ++requests_;
        text.clear();
        constexpr std::string_view kReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        SSL_write(ssl.get(), kReply.data(), static_cast<int>(kReply.size()));
      }
    }
  }

  EvpPkey key_;
  X509Certificate certificate_;
  SslCtx context_;
  std::string ca_file_;
  std::atomic<int> handshakes_ = 0;
  std::atomic<int> requests_ = 0;
  test::RawServer server_{[this](test::RawConnection& connection) { serve(connection.socket()); }};
};

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
  EXPECT_THAT(get(client, "https" + server.url().substr(4)), FailsWith(Errc::kTls));
}

TEST(HttpsTest, AMissingAnchorFileIsATlsError) {
  HttpClientOptions options;
  options.ca_file = "/nowhere/ca.pem";
  HttpClient client{options};
  EXPECT_THAT(get(client, "https://127.0.0.1:1/"), FailsWith(Errc::kTls, testing::HasSubstr("trust anchors")));
}

}  // namespace
}  // namespace oidc
