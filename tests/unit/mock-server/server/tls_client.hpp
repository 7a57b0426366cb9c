#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "oidc/openssl.hpp"

namespace mockserver::testing_support {

/// A TLS client of 127.0.0.1 that says why it does not trust a server, and how its connection ends.
class TlsClient {
 public:
  enum class End { kCloseNotify, kClosed, kReset, kOther };

  explicit TlsClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() {
    ssl_.reset();
    ERR_clear_error();
    ::close(socket_);
  }

  /// Trusts this authority only. False if the handshake fails; `verification` then says why.
  bool shake_hands(const std::string& ca_pem) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    const oidc::Bio bio{BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()))};
    const oidc::X509Certificate ca{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), ca.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), "127.0.0.1");
    errno = 0;
    const bool done = SSL_connect(ssl_.get()) == 1;
    error_ = errno;
    return done;
  }
  long verification() const { return SSL_get_verify_result(ssl_.get()); }
  /// Of the last handshake that failed below TLS.
  int error() const { return error_; }
  /// DER of the server's certificate.
  std::string certificate() const {
    const oidc::X509Certificate peer{SSL_get1_peer_certificate(ssl_.get())};
    unsigned char* der = nullptr;
    const int size = i2d_X509(peer.get(), &der);
    std::string result{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return result;
  }

  void send(std::string_view text) { SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }
  /// Reads until the connection ends.
  End await_end() {
    for (;;) {
      char bytes[4096];
      errno = 0;
      const int count = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (count > 0) {
        received_.append(bytes, static_cast<std::size_t>(count));
        continue;
      }
      const int reason = errno;
      switch (SSL_get_error(ssl_.get(), count)) {
        case SSL_ERROR_ZERO_RETURN:
          return End::kCloseNotify;
        case SSL_ERROR_SYSCALL:
          return reason == ECONNRESET ? End::kReset : End::kOther;
        case SSL_ERROR_SSL:
          return End::kClosed;  // OpenSSL 3: an end without close_notify
        default:
          return End::kOther;
      }
    }
  }
  const std::string& received() const { return received_; }

 private:
  int socket_;
  int error_ = 0;
  std::unique_ptr<SSL_CTX, oidc::OpenSslDeleter<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, oidc::OpenSslDeleter<SSL_free>> ssl_;
  std::string received_;
};

}  // namespace mockserver::testing_support
