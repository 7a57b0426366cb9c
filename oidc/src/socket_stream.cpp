#include "socket_stream.hpp"

#include <algorithm>
#include <cerrno>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oidc::detail {
namespace {

using AddressList = std::unique_ptr<addrinfo, OpenSslDeleter<freeaddrinfo>>;

/// What one attempt to read or write came to.
struct Attempt {
  enum class State { kDone, kWait, kFailed };
  State state = State::kFailed;
  std::size_t count = 0;
  short wait_for = 0;
};

Attempt plain_attempt(ssize_t count, short direction) {
  if (count >= 0) {
    return {Attempt::State::kDone, static_cast<std::size_t>(count), 0};
  }
  const bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {again ? Attempt::State::kWait : Attempt::State::kFailed, 0, direction};
}

Attempt tls_attempt(SSL* ssl, int result, std::size_t count) {
  switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_NONE:
      return {Attempt::State::kDone, count, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Attempt::State::kDone, 0, 0};
    case SSL_ERROR_WANT_READ:
      return {Attempt::State::kWait, 0, POLLIN};
    case SSL_ERROR_WANT_WRITE:
      return {Attempt::State::kWait, 0, POLLOUT};
    default:
      return {};
  }
}

// Somebody went away, rather than said something wrong. To be asked before the error queue is cleared.
bool is_broken_off(SSL* ssl, int result) {
  const int error = SSL_get_error(ssl, result);
  return error == SSL_ERROR_SYSCALL ||
         (error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

bool is_address(const std::string& host) {
  in6_addr buffer{};
  return inet_pton(AF_INET, host.c_str(), &buffer) == 1 || inet_pton(AF_INET6, host.c_str(), &buffer) == 1;
}

bool wait_on(int socket, short events, SteadyTime deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    pollfd waiting{socket, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return true;
    }
  }
}

int connect_to(const addrinfo& address, SteadyTime connect_by) {
  const int handle = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (handle < 0) {
    return -1;
  }
  const int on = 1;
  setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int error = connect(handle, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS && wait_on(handle, POLLOUT, connect_by)) {
    socklen_t size = sizeof error;
    getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error == 0) {
    return handle;
  }
  close(handle);
  return -1;
}

// Names are compared with the subject alternative names only, never with the common name.
bool require_host(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (is_address(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  }
  return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

SigpipeGuard::SigpipeGuard() {
  sigemptyset(&sigpipe_);
  sigaddset(&sigpipe_, SIGPIPE);
  sigset_t pending{};
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &sigpipe_, &previous_);
}

SigpipeGuard::~SigpipeGuard() {
  if (!was_pending_) {
    const timespec at_once{};
    sigtimedwait(&sigpipe_, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
}

Result<SslCtx> make_tls_context(const std::string& ca_file) {
  SslCtx context{SSL_CTX_new(TLS_client_method())};
  const bool loaded = context && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1 &&
                      (ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                       : SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr)) == 1;
  if (!loaded) {
    Error error = openssl_error("the trust anchors could not be loaded");
    error.code = Errc::kTls;
    return error;
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

Result<std::unique_ptr<SocketStream>> SocketStream::open(const Url& url, SteadyTime connect_by) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found) != 0) {
    return Error{Errc::kConnectFailed, "the host is not known"};
  }
  const AddressList addresses{found};
  int socket = -1;
  for (const addrinfo* address = found; address != nullptr && socket < 0; address = address->ai_next) {
    socket = connect_to(*address, connect_by);
  }
  if (socket < 0) {
    return Error{Errc::kConnectFailed, "could not connect"};
  }
  return std::unique_ptr<SocketStream>{new SocketStream{socket}};
}

SocketStream::~SocketStream() {
  if (ssl_ && !is_broken_) {
    SSL_shutdown(ssl_.get());  // says goodbye, waits for nothing
  }
  ERR_clear_error();
  close(socket_);
}

bool SocketStream::wait(short events, SteadyTime deadline) const {
  return wait_on(socket_, events, deadline);
}

Status SocketStream::start_tls(const Url& url, SSL_CTX* tls, SteadyTime connect_by) {
  ssl_.reset(SSL_new(tls));
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1 || !require_host(ssl_.get(), url.host)) {
    is_broken_ = true;
    return Error{Errc::kTls, "TLS could not be set up"};
  }
  bool broke_off = false;
  const auto step = [&] {
    const int result = SSL_connect(ssl_.get());
    broke_off = is_broken_off(ssl_.get(), result);
    return tls_attempt(ssl_.get(), result, 1);
  };
  const auto connected = repeat(step, {std::chrono::hours{1}, connect_by});
  if (connected && *connected == 1) {
    return Done{};
  }
  is_broken_ = true;
  if (broke_off || (!connected && connected.error().code == Errc::kTimeout)) {
    return Error{Errc::kConnectFailed, "the connection broke, or time ran out, during the TLS handshake"};
  }
  const bool distrusted = SSL_get_verify_result(ssl_.get()) != X509_V_OK;
  return Error{Errc::kTls,
               distrusted ? "the server's certificate is not trusted for this host" : "the TLS handshake failed"};
}

template <typename Step>
Result<std::size_t> SocketStream::repeat(const Step& step, const Patience& patience) {
  const SteadyTime deadline = patience.deadline();
  for (;;) {
    ERR_clear_error();  // SSL_get_error looks at what others left there
    const Attempt attempt = step();
    if (attempt.state == Attempt::State::kDone) {
      return attempt.count;
    }
    if (attempt.state == Attempt::State::kFailed) {
      is_broken_ = true;
      ERR_clear_error();
      return Error{Errc::kNetwork, "the connection broke"};
    }
    if (!wait(attempt.wait_for, deadline)) {
      is_broken_ = true;
      return Error{Errc::kTimeout, "the server did not answer in time"};
    }
  }
}

Status SocketStream::write(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    const auto step = [&] {
      if (!ssl_) {
        return plain_attempt(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), POLLOUT);
      }
      std::size_t count = 0;
      const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
      return tls_attempt(ssl_.get(), result, count);
    };
    const auto written = repeat(step, patience);
    if (!written) {
      return written.error();
    }
    if (*written == 0) {  // TLS only: the peer said goodbye
      return Error{Errc::kNetwork, "the connection broke"};
    }
    bytes.remove_prefix(*written);
  }
  return Done{};
}

Result<std::size_t> SocketStream::read(std::span<char> buffer, const Patience& patience) {
  const auto step = [&] {
    if (!ssl_) {
      return plain_attempt(recv(socket_, buffer.data(), buffer.size(), 0), POLLIN);
    }
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
    return tls_attempt(ssl_.get(), result, count);
  };
  // A peer that always has a byte ready never makes us wait.
  if (std::chrono::steady_clock::now() >= patience.end) {
    is_broken_ = true;
    return Error{Errc::kTimeout, "the exchange took too long"};
  }
  return repeat(step, patience);
}

bool SocketStream::is_quiet() const {
  pollfd waiting{socket_, POLLIN, 0};
  return poll(&waiting, 1, 0) == 0 && (!ssl_ || SSL_has_pending(ssl_.get()) == 0);
}

}  // namespace oidc::detail
