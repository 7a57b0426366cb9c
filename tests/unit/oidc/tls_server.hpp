#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "oidc/openssl.hpp"
#include "raw_server.hpp"

namespace oidc::test {

using SslCtx = std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, OpenSslDeleter<SSL_free>>;

/// A self-signed certificate for those names ("DNS:localhost,IP:127.0.0.1").
inline X509Certificate make_certificate(EVP_PKEY* key, const std::string& names) {
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

/// Answers each request on each connection by `{}` over TLS, after `preface` in clear.
class TlsServer {
 public:
  explicit TlsServer(const std::string& names, std::function<void(RawConnection&)> preface = {})
      : preface_{std::move(preface)},
        key_{EVP_EC_gen("P-256")},
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

  std::function<void(RawConnection&)> preface_;
  EvpPkey key_;
  X509Certificate certificate_;
  SslCtx context_;
  std::string ca_file_;
  std::atomic<int> handshakes_ = 0;
  std::atomic<int> requests_ = 0;
  RawServer server_{[this](RawConnection& connection) {
    if (preface_) {
      preface_(connection);
    }
    serve(connection.socket());
  }};
};

}  // namespace oidc::test
