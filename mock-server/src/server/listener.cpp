#include "server/listener.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

namespace mockserver {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

/// When the process has no file descriptor left: how long until the next try.
constexpr std::chrono::milliseconds kAcceptPause{100};

oidc::Error bad_argument(std::string message) {
  return {oidc::Errc::kInvalidArgument, std::move(message)};
}

std::string describe(const error_code& error, const std::string& place) {
  if (error == asio::error::address_in_use) {
    return place + " is in use";
  }
  if (error == asio::error::access_denied) {
    return place + " needs more rights than this process has";
  }
  if (error.value() == EADDRNOTAVAIL) {
    return place + ": not an address of this machine";
  }
  return place + ": " + error.message();
}

oidc::Result<tcp::endpoint> resolve(asio::io_context& io, const ServerOptions& options) {
  error_code error;
  tcp::resolver resolver{io};
  const auto found = resolver.resolve(options.host, std::to_string(options.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    return bad_argument(in_url(options.host) + ":" + std::to_string(options.port) + ": no such host");
  }
  return found.begin()->endpoint();
}

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

}  // namespace

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

oidc::Status Listener::listen() {
  const ServerOptions& options = sessions_.options;
  if (options.tls) {
    auto handshakes = Handshakes::create(*options.tls);
    if (!handshakes) {
      return handshakes.error();
    }
    handshakes_ = *std::move(handshakes);
  }
  const auto endpoint = resolve(io_, options);
  if (!endpoint) {
    return endpoint.error();
  }
  endpoint_ = *endpoint;
  const std::scoped_lock lock{mutex_};
  const auto opened = open(true);
  if (opened) {
    endpoint_ = acceptor_.local_endpoint();
    port_ = endpoint_.port();
  }
  return opened;
}

/// Bound but not listening it keeps its port, and the system refuses connections.
oidc::Status Listener::open(bool listening) {
  error_code error;
  acceptor_.open(endpoint_.protocol(), error);
  if (!error) {
    // On Linux this passes over connections that are still closing, not over a listener.
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  }
  if (!error) {
    acceptor_.bind(endpoint_, error);
  }
  if (!error && listening) {
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    error_code ignored;
    acceptor_.close(ignored);
    return bad_argument(describe(error, in_url(sessions_.options.host) + ":" + std::to_string(endpoint_.port())));
  }
  up_ = listening;
  return oidc::Done{};
}

void Listener::start() {
  const std::scoped_lock lock{mutex_};
  accept();
}

void Listener::accept() {
  acceptor_.async_accept(asio::make_strand(io_), [this, era = era_](error_code error, tcp::socket socket) {
    on_accept(error, std::move(socket), era);
  });
}

void Listener::on_accept(const error_code& error, tcp::socket socket, std::size_t era) {
  const std::scoped_lock lock{mutex_};  // to the end: a connection begins before the listener goes down, or not
  if (era != era_) {
    reset(socket);
    return;
  }
  if (error) {
    pause_accepting(era);
    return;
  }
  accept();
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  if (!handshakes_) {
    start_session(sessions_, std::move(socket), nullptr);
  } else if (auto* context = handshakes_->next()) {
    start_session(sessions_, std::move(socket), context);
  } else {
    abort_handshake(sessions_, std::move(socket));
  }
}

void Listener::pause_accepting(std::size_t era) {
  auto timer = std::make_shared<asio::steady_timer>(io_, kAcceptPause);
  timer->async_wait([this, timer, era](const error_code& error) {
    const std::scoped_lock lock{mutex_};
    if (!error && era == era_) {
      accept();
    }
  });
}

oidc::Status Listener::up() {
  const std::scoped_lock lock{mutex_};
  return begin_up();
}

oidc::Status Listener::begin_up() {
  if (up_) {
    return oidc::Done{};
  }
  error_code error;
  if (acceptor_.is_open()) {
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return bad_argument(describe(error, in_url(sessions_.options.host) + ":" + std::to_string(port_)));
    }
    up_ = true;
  } else if (const auto opened = open(true); !opened) {  // somebody took the port when we let go of it
    return opened;
  }
  ++era_;
  accept();
  return oidc::Done{};
}

std::optional<std::size_t> Listener::begin_down() {
  const std::scoped_lock lock{mutex_};
  if (!up_) {
    return std::nullopt;
  }
  up_ = false;
  error_code ignored;
  acceptor_.close(ignored);
  static_cast<void>(open(false));
  return ++era_;
}

void Listener::down(const Connection* spared) {
  if (begin_down()) {
    sessions_.connections.cut_all(spared);
  }
}

bool Listener::is_up() const {
  const std::scoped_lock lock{mutex_};
  return up_;
}

void Listener::down_for(oidc::Duration time, oidc::Clock& clock, std::shared_ptr<const void> keep_alive,
                        const Connection* spared) {
  // Under virtual time the listener takes part: time must not pass its return before it is up.
  std::shared_ptr<oidc::VirtualClock::Actor> actor;
  if (auto* virtual_clock = dynamic_cast<oidc::VirtualClock*>(&clock)) {
    actor = std::make_shared<oidc::VirtualClock::Actor>(*virtual_clock);
  }
  const auto era = begin_down();
  if (!era) {
    return;
  }
  sessions_.connections.cut_all(spared);
  const auto back = [this, era] {
    const std::scoped_lock lock{mutex_};
    if (era_ == era) {  // nobody else has brought it up, or taken it down, since
      static_cast<void>(begin_up());
    }
  };
  const bool started = sessions_.pool.run([back, time, &clock, keep_alive = std::move(keep_alive),
                                           actor = std::move(actor)](const std::stop_token& stop) mutable {
    clock.sleep_for(time, stop);
    if (!stop.stop_requested()) {
      back();
    }
    actor.reset();
  });
  if (!started) {
    back();
  }
}

}  // namespace mockserver
