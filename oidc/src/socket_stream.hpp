#pragma once

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

#include "oidc/openssl.hpp"
#include "oidc/result.hpp"
#include "oidc/url.hpp"

namespace oidc::detail {

using SteadyTime = std::chrono::steady_clock::time_point;
using Ssl = std::unique_ptr<SSL, OpenSslDeleter<SSL_free>>;
using SslCtx = std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>>;

/// TLS 1.2 or later with the given trust anchors (PEM file, or "" for the system's).
/// Errors: `kTls` if they cannot be loaded.
Result<SslCtx> make_tls_context(const std::string& ca_file);

/// How long to wait for the peer: for each step, and in all.
struct Patience {
  std::chrono::milliseconds silence;
  SteadyTime end;

  SteadyTime deadline() const { return std::min(std::chrono::steady_clock::now() + silence, end); }
};

/// Blocks SIGPIPE for the calling thread: OpenSSL writes without MSG_NOSIGNAL, so that a
/// reset connection would end the process.
class SigpipeGuard {
 public:
  SigpipeGuard();
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  ~SigpipeGuard();

 private:
  sigset_t sigpipe_{};
  sigset_t previous_{};
  bool was_pending_ = false;
};

/// A connection, plain or TLS, whose every wait has an end. For one thread at a time, which
/// holds a `SigpipeGuard`.
class SocketStream {
 public:
  /// Connects. Looking up the name is the one wait without an end. Errors: `kConnectFailed`, definite.
  static Result<std::unique_ptr<SocketStream>> open(const Url& url, SteadyTime connect_by);
  /// Shakes hands with the host of `url`, who must prove that it is. Errors, definite: `kTls`;
  /// `kConnectFailed` if the peer goes away or stays silent, which says nothing of its trustworthiness.
  Status start_tls(const Url& url, SSL_CTX* tls, SteadyTime connect_by);

  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;
  ~SocketStream();

  /// Errors: `kTimeout`, `kNetwork`.
  Status write(std::string_view bytes, const Patience& patience);
  /// Some bytes; 0 at the end. Errors: `kTimeout`, `kNetwork`.
  Result<std::size_t> read(std::span<char> buffer, const Patience& patience);
  /// Nothing arrived, and the peer didn't close, since the last reply was read.
  bool is_quiet() const;

 private:
  explicit SocketStream(int socket) : socket_{socket} {}

  bool wait(short events, SteadyTime deadline) const;
  template <typename Step>
  Result<std::size_t> repeat(const Step& step, const Patience& patience);

  int socket_;
  Ssl ssl_;
  bool is_broken_ = false;  // then TLS must not be shut down politely
};

}  // namespace oidc::detail
