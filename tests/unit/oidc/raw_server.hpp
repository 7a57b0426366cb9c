#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace oidc::test {

/// One accepted connection of a `RawServer`: what no well-behaved server library would do.
class RawConnection {
 public:
  RawConnection(int socket, const std::atomic<bool>& ending) : socket_{socket}, ending_{ending} {}

  /// Reads up to the end of the header and the Content-Length bytes after it; "" at the end.
  std::string read_request() {
    std::string text;
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != std::string::npos && text.size() >= end + 4 + body_size(text)) {
        return text;
      }
      std::array<char, 4096> buffer{};
      const ssize_t count = wait_for(POLLIN) ? recv(socket_, buffer.data(), buffer.size(), 0) : 0;
      if (count <= 0) {
        return "";
      }
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  /// False once the client is gone or the server ends.
  bool write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = wait_for(POLLOUT) ? send(socket_, text.data(), text.size(), MSG_NOSIGNAL) : -1;
      if (count <= 0) {
        return false;
      }
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Writes a byte every few milliseconds, for ever.
  void trickle(std::string_view text) {
    for (std::size_t i = 0; write(text.substr(i % text.size(), 1)); ++i) {
      poll(nullptr, 0, 5);
    }
  }

  /// For what speaks something else than text; still closed by the server.
  int socket() const { return socket_; }

  /// Until the client closes or the server ends.
  void hang() { read_request(); }

 private:
  static std::size_t body_size(const std::string& text) {
    const auto at = text.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
  }

  bool wait_for(short events) {
    pollfd waiting{socket_, events, 0};
    while (!ending_) {
      if (poll(&waiting, 1, 10) != 0) {
        return true;
      }
    }
    return false;
  }

  int socket_;
  const std::atomic<bool>& ending_;
};

/// A server on a free loopback port that runs `script` once for each connection.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;

  explicit RawServer(Script script) : script_{std::move(script)}, listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error{"RawServer: no port"};
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    ending_ = true;
    acceptor_.join();
    for (auto& thread : connections_) {
      thread.join();
    }
    close(listener_);
  }

  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
  }
  int accepted() const { return accepted_; }
  /// Until that many connections are closed; over loopback the client's side knows at once.
  void await_closed(int count) const {
    while (closed_ < count) {
      std::this_thread::yield();
    }
  }

 private:
  void accept_all() {
    pollfd waiting{listener_, POLLIN, 0};
    while (!ending_) {
      if (poll(&waiting, 1, 10) != 1) {
        continue;
      }
      const int socket = accept(listener_, nullptr, nullptr);
      ++accepted_;
      connections_.emplace_back([this, socket] {
        RawConnection connection{socket, ending_};
        script_(connection);
        close(socket);
        ++closed_;
      });
    }
  }

  Script script_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> accepted_ = 0;
  std::atomic<int> closed_ = 0;
  std::vector<std::thread> connections_;  // used by the acceptor, then by the destructor
  std::thread acceptor_;
};

/// A port that takes no connection: nobody accepts, and its queue is full.
class BusyPort {
 public:
  BusyPort() : listener_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 0) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error{"BusyPort: no port"};
    }
    port_ = ntohs(address.sin_port);
    do {  // until one is left waiting
      waiting_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      static_cast<void>(connect(waiting_.back(), generic, size));
    } while (is_connected(waiting_.back()));
  }
  BusyPort(const BusyPort&) = delete;
  BusyPort& operator=(const BusyPort&) = delete;
  ~BusyPort() {
    for (const int one : waiting_) {
      close(one);
    }
    close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  /// Over loopback that takes no time, if it happens at all.
  static bool is_connected(int handle) {
    pollfd waiting{handle, POLLOUT, 0};
    return poll(&waiting, 1, 50) == 1;
  }

  int listener_;
  int port_ = 0;
  std::vector<int> waiting_;
};

/// A port that nobody listens on, as far as one can know.
inline std::string closed_port_url() {
  const int socket_handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  bind(socket_handle, generic, size);
  getsockname(socket_handle, generic, &size);
  close(socket_handle);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
}

}  // namespace oidc::test
