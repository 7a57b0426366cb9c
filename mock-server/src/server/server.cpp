#include "mockserver/server.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "server/connections.hpp"
#include "server/elastic_pool.hpp"
#include "server/listener.hpp"
#include "server/session.hpp"

namespace mockserver {
namespace asio = boost::asio;
namespace {

/// Clients can't connect to "any address" everywhere, and no certificate names it.
std::string host_for_clients(const std::string& host) {
  return host == "0.0.0.0" || host == "::" ? "localhost" : in_url(host);
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler) : options_{std::move(options)}, handler_{std::move(handler)} {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  oidc::Status start();

  const std::string& origin() const { return origin_; }
  Listener& listener() { return listener_; }
  oidc::Duration open_time() const { return open_time_.total(); }

 private:
  void run();

  const ServerOptions options_;
  const Handler handler_;
  std::string origin_;
  Connections connections_;
  oidc::SystemClock clock_;
  OpenTime open_time_{clock_};
  SessionContext sessions_{options_, handler_, origin_, pool_, connections_, listener_, open_time_};
  asio::io_context io_;  // its sessions use all of the above, and it is destroyed after the pool, whose tasks hold some
  /// Without connections and while the listener is down there is nothing to do, and the threads stay all the same.
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Listener listener_{io_, sessions_};
  ElasticPool pool_;
  std::vector<std::thread> threads_;
};

oidc::Status Server::Impl::start() {
  if (const auto listening = listener_.listen(); !listening) {
    return listening;
  }
  origin_ = (options_.tls ? "https://" : "http://") + host_for_clients(options_.host) + ":" +
            std::to_string(listener_.port());
  listener_.start();
  for (int i = 0; i < std::max(1, options_.threads); ++i) {
    threads_.emplace_back([this] { run(); });
  }
  return oidc::Done{};
}

void Server::Impl::run() {
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception&) {
      // Out of memory, say: the connection whose operation threw is gone, the others go on.
    }
  }
}

Server::Impl::~Impl() {
  io_.stop();
  for (std::thread& thread : threads_) {
    thread.join();
  }
  pool_.stop();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Server::~Server() = default;

oidc::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (const auto started = impl->start(); !started) {
    return started.error();
  }
  return std::unique_ptr<Server>{new Server{std::move(impl)}};
}

std::uint16_t Server::port() const {
  return impl_->listener().port();
}
const std::string& Server::origin() const {
  return impl_->origin();
}

oidc::Duration Server::open_time() const {
  return impl_->open_time();
}

void Server::take_down() {
  impl_->listener().down(nullptr);
}
oidc::Status Server::bring_up() {
  return impl_->listener().up();
}
bool Server::is_up() const {
  return impl_->listener().is_up();
}

oidc::Status Server::script_handshakes(TlsFault fault, std::optional<std::size_t> times) {
  Handshakes* handshakes = impl_->listener().handshakes();
  if (handshakes == nullptr) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the server speaks plain http"};
  }
  return handshakes->script(fault, times);
}

}  // namespace mockserver
