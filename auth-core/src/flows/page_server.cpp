#include "flows/page_server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace authcore {
namespace {

constexpr std::size_t kMaxConnections = 32;
constexpr std::size_t kMaxHeadBytes = 64U << 10U;  // codes and states may be long
constexpr std::size_t kChunkBytes = 4096;
constexpr int kBacklog = 16;
constexpr int kForEver = -1;
constexpr itimerspec kTimeToFinish{.it_interval = {}, .it_value = {.tv_sec = 2, .tv_nsec = 0}};
constexpr int kPauseMs = 100;
constexpr int kNotUnderstood = 400;
constexpr int kHeadTooLarge = 431;

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_{value} {}
  Descriptor(Descriptor&& other) noexcept : value_{std::exchange(other.value_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }

 private:
  int value_;
};

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address loopback(const std::string& address, int port) {
  Address result;
  const auto number = htons(static_cast<std::uint16_t>(port));
  if (address.find(':') != std::string::npos) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = number;
    std::memcpy(&result.storage, &v6, sizeof v6);
    result.size = sizeof v6;
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = number;
    std::memcpy(&result.storage, &v4, sizeof v4);
    result.size = sizeof v4;
  }
  return result;
}

// Without SO_REUSEPORT: another program could share the port silently and receive codes. SO_REUSEADDR only skips the
// wait for old connections.
Descriptor listen_on(Address address) {
  Descriptor socket{::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int yes = 1;
  const bool is_listening = socket.is_open() &&
                            setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                            bind(socket.get(), address.get(), address.size) == 0 && listen(socket.get(), kBacklog) == 0;
  return is_listening ? std::move(socket) : Descriptor{};
}

int port_of(const Descriptor& socket) {
  Address address;
  address.size = sizeof address.storage;
  if (getsockname(socket.get(), address.get(), &address.size) != 0) {
    return -1;
  }
  sockaddr_in v4{};  // the port is at the same place in both families
  std::memcpy(&v4, &address.storage, sizeof v4);
  return ntohs(v4.sin_port);
}

/// The request line, if it is one of HTTP/1.
std::optional<PageServer::Request> parse_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos || first == 0 || second == first + 1 ||
      !line.substr(second + 1).starts_with("HTTP/1.")) {
    return std::nullopt;
  }
  return PageServer::Request{std::string{line.substr(0, first)},
                             std::string{line.substr(first + 1, second - first - 1)}};
}

std::string to_reply(const PageServer::Page& page, bool with_body) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n"
      "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n",
      page.status, page.status / 100 == 2 ? "OK" : "Refused", page.type, page.body.size());
  if (!page.policy.empty()) {
    head += "Content-Security-Policy: " + page.policy + "\r\n";
  }
  return head + "\r\n" + (with_body ? page.body : "");
}

/// One request and its reply.
class Connection {
 public:
  explicit Connection(Descriptor socket) : socket_{std::move(socket)} {}

  pollfd to_poll() const { return {socket_.get(), static_cast<short>(is_replying() ? POLLOUT : POLLIN), 0}; }
  bool is_replying() const { return !reply_.empty(); }

  /// Goes on as far as that takes no waiting. False once it is over.
  bool advance(const PageServer::Answer& answer) {
    if (!is_replying() && !read(answer)) {
      return false;
    }
    return !is_replying() || write();
  }

 private:
  // What comes after the head is read and dropped: closing with something unread would take the reply back.
  bool read(const PageServer::Answer& answer) {
    std::array<char, kChunkBytes> chunk{};
    const ssize_t count = recv(socket_.get(), chunk.data(), chunk.size(), 0);
    if (count <= 0) {
      return count < 0 && would_block();
    }
    if (is_answered_) {
      return true;
    }
    head_.append(chunk.data(), static_cast<std::size_t>(count));
    if (head_.find("\r\n\r\n") != std::string::npos) {
      begin_reply(answer);
    } else if (head_.size() > kMaxHeadBytes) {
      reply_ = to_reply({kHeadTooLarge, "text/plain", "the request is too large\n"}, true);
    }
    return true;
  }

  void begin_reply(const PageServer::Answer& answer) {
    const auto request = parse_request_line(std::string_view{head_}.substr(0, head_.find("\r\n")));
    reply_ = request ? to_reply(answer(*request), request->method != "HEAD")
                     : to_reply({kNotUnderstood, "text/plain", "this is no request\n"}, true);
  }

  bool write() {
    const ssize_t count = send(socket_.get(), reply_.data(), reply_.size(), MSG_NOSIGNAL);
    if (count < 0) {
      return would_block();
    }
    reply_.erase(0, static_cast<std::size_t>(count));
    if (reply_.empty()) {
      is_answered_ = true;
      shutdown(socket_.get(), SHUT_WR);
    }
    return true;
  }

  Descriptor socket_;
  std::string head_;
  std::string reply_;
  bool is_answered_ = false;  // what is left is that the other side closes
};

}  // namespace

class PageServer::Loop {
 public:
  Loop(Descriptor listener, Descriptor stop_reader, Descriptor stop_writer, Answer answer)
      : listener_{std::move(listener)},
        stop_reader_{std::move(stop_reader)},
        stop_writer_{std::move(stop_writer)},
        answer_{std::move(answer)},
        port_{port_of(listener_)},
        thread_{[this] { run(); }} {}
  ~Loop() {
    // A byte, for closing this end would say nothing while a forked child holds it too.
    [[maybe_unused]] const ssize_t written = ::write(stop_writer_.get(), "", 1);
    thread_.join();
  }
  int port() const { return port_; }

 private:
  void run() {
    while (!poll_once({{stop_reader_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}})) {
    }
    listener_ = Descriptor{};
    const Descriptor timer{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)};
    bool is_late = !timer.is_open() || ::timerfd_settime(timer.get(), 0, &kTimeToFinish, nullptr) != 0;
    while (!is_late && has_replies_under_way()) {
      is_late = poll_once({{timer.get(), POLLIN, 0}});
    }
  }

  /// Drops the connections that have none.
  bool has_replies_under_way() {
    connections_.remove_if([](const Connection& connection) { return !connection.is_replying(); });
    return !connections_.empty();
  }

  /// Waits until something can go on, and lets it. `first`: what to look at besides the connections. True once the
  /// first of these says that it is time to end; the second one is the listener.
  bool poll_once(std::vector<pollfd> first) {
    const std::size_t offset = first.size();
    for (const Connection& connection : connections_) {
      first.push_back(connection.to_poll());
    }
    if (::poll(first.data(), first.size(), kForEver) < 0) {
      return false;
    }
    if (first[0].revents != 0) {
      return true;
    }
    std::size_t index = offset;
    connections_.remove_if(
        [&](Connection& connection) { return first[index++].revents != 0 && !connection.advance(answer_); });
    if (offset > 1 && first[1].revents != 0) {
      accept_one();
    }
    return false;
  }

  /// Whoever has been here longest makes room.
  void accept_one() {
    Descriptor socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    const bool has_no_room = socket.is_open() ? connections_.size() == kMaxConnections : !would_block();
    if (has_no_room && connections_.empty()) {
      ::poll(nullptr, 0, kPauseMs);  // somebody else has all descriptors: no reason to spin
    } else if (has_no_room) {
      connections_.pop_front();
    }
    if (socket.is_open()) {
      connections_.emplace_back(std::move(socket));
    }
  }

  Descriptor listener_;
  Descriptor stop_reader_;
  Descriptor stop_writer_;
  Answer answer_;
  int port_;
  std::list<Connection> connections_;  // of the thread alone
  std::thread thread_;                 // last: it uses the members above
};

std::unique_ptr<PageServer> PageServer::open(const std::string& address, int port, Answer answer) {
  Descriptor listener = listen_on(loopback(address, port));
  std::array<int, 2> ends{};
  if (!listener.is_open() || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return nullptr;
  }
  return std::unique_ptr<PageServer>{new PageServer{
      std::make_unique<Loop>(std::move(listener), Descriptor{ends[0]}, Descriptor{ends[1]}, std::move(answer))}};
}

PageServer::PageServer(std::unique_ptr<Loop> loop) : loop_{std::move(loop)} {}
PageServer::~PageServer() = default;

int PageServer::port() const {
  return loop_->port();
}

}  // namespace authcore
