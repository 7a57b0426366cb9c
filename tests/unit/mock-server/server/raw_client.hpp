#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace mockserver::testing_support {

/// Whether `done` comes true while the other threads get on.
template <typename Done>
bool eventually(const Done& done) {
  for (int i = 0; i < 10'000'000 && !done(); ++i) {
    std::this_thread::yield();
  }
  return done();
}

/// A client that sends exactly what a test says. Reads give up after ten seconds, so that a
/// server that hangs fails the test instead of hanging it.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : socket_{std::exchange(other.socket_, -1)}, connected_{other.connected_}, unread_{std::move(other.unread_)} {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (socket_ >= 0) {
      ::close(socket_);
    }
  }

  bool connected() const { return connected_; }
  bool send(std::string_view text) {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  struct Response {
    int status = 0;  ///< 0: the connection ended before a whole response
    std::string head;
    std::string body;
  };
  /// `bodiless`: of a HEAD request, or a 100.
  Response receive(bool bodiless = false) {
    std::size_t end = std::string::npos;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) {
        return {};
      }
    }
    Response response;
    response.head = unread_.substr(0, end + 2);
    unread_.erase(0, end + 4);
    response.status = std::atoi(response.head.c_str() + response.head.find(' '));
    const auto size = bodiless ? 0 : content_length(response.head);
    while (unread_.size() < size) {
      if (!read_more()) {
        return {};
      }
    }
    response.body = unread_.substr(0, size);
    unread_.erase(0, size);
    return response;
  }

  /// Reads until the connection ends: 0 if it was closed, else errno (ECONNRESET, or
  /// EAGAIN if it did not end).
  int await_end() {
    errno = 0;
    while (read_more()) {
    }
    return last_error_;
  }
  /// Blocks until `size` bytes have come; fewer if the connection ends first.
  std::string receive_some(std::size_t size) {
    while (unread_.size() < size && read_more()) {
    }
    std::string bytes = unread_.substr(0, size);
    unread_.erase(0, bytes.size());
    return bytes;
  }
  /// Whether bytes, or the end, are there now.
  bool has_something_to_read() const {
    char byte = 0;
    return !unread_.empty() || ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 ||
           (errno != EAGAIN && errno != EWOULDBLOCK);
  }
  const std::string& unread() const { return unread_; }

  static std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : static_cast<std::size_t>(std::atoll(head.c_str() + at + 16));
  }

 private:
  bool read_more() {
    char bytes[4096];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    last_error_ = count < 0 ? errno : 0;
    if (count <= 0) {
      return false;
    }
    unread_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  int last_error_ = 0;
  std::string unread_;
};

}  // namespace mockserver::testing_support
