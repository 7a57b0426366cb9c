#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "mockserver/server.hpp"
#include "server/connections.hpp"
#include "server/elastic_pool.hpp"
#include "server/handshakes.hpp"
#include "server/session.hpp"

namespace mockserver {

/// As it is written in a URL: an IPv6 address takes brackets.
std::string in_url(const std::string& host);

/// Where a server's connections come from. It can be taken down, so that the system refuses them, and brought
/// up again at the same port, which is its own meanwhile. Thread-safe.
class Listener {
 public:
  Listener(boost::asio::io_context& io, SessionContext& sessions) : io_{io}, sessions_{sessions}, acceptor_{io} {}

  /// Errors: as `Server::start`. Called once, before all others.
  oidc::Status listen();
  /// Begins to accept. Called once.
  void start();
  std::uint16_t port() const { return port_; }
  Handshakes* handshakes() { return handshakes_.get(); }

  /// `spared` is not reset; it may be null.
  void down(const Connection* spared);
  oidc::Status up();
  bool is_up() const;
  /// Down, and up again once `time` has passed on `clock`. `keep_alive` is what the clock needs.
  void down_for(oidc::Duration time, oidc::Clock& clock, std::shared_ptr<const void> keep_alive,
                const Connection* spared);

 private:
  /// Which era of being down began; nothing if it was down.
  std::optional<std::size_t> begin_down();
  oidc::Status begin_up();            // requires mutex_
  oidc::Status open(bool listening);  // requires mutex_
  void accept();                      // requires mutex_
  void on_accept(const boost::system::error_code& error, boost::asio::ip::tcp::socket socket, std::size_t era);
  void pause_accepting(std::size_t era);

  boost::asio::io_context& io_;
  SessionContext& sessions_;
  std::unique_ptr<Handshakes> handshakes_;   // set by listen; null: plain http
  std::uint16_t port_ = 0;                   // set by listen
  boost::asio::ip::tcp::endpoint endpoint_;  // set by listen

  mutable std::mutex mutex_;
  boost::asio::ip::tcp::acceptor acceptor_;  // guarded by mutex_
  bool up_ = false;                          // guarded by mutex_
  std::size_t era_ = 0;                      // guarded by mutex_; how often it was brought up or down
};

}  // namespace mockserver
