#include "mockserver/server.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "server/elastic_pool.hpp"
#include "server/session.hpp"

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

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// Clients can't connect to "any address" everywhere, and no certificate names it.
std::string host_for_clients(const std::string& host) {
  return host == "0.0.0.0" || host == "::" ? "localhost" : in_url(host);
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

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler)
      : options_{std::move(options)}, handler_{std::move(handler)}, acceptor_{asio::make_strand(io_)} {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  oidc::Status use_tls();
  oidc::Status listen();
  void start();

  std::uint16_t port() const { return port_; }
  const std::string& origin() const { return origin_; }

 private:
  void accept();
  void pause_accepting();
  void run();

  const ServerOptions options_;
  const Handler handler_;
  std::optional<asio::ssl::context> tls_;
  std::uint16_t port_ = 0;
  std::string origin_;
  asio::io_context io_;  // destroyed after the pool, whose tasks hold sessions
  tcp::acceptor acceptor_;
  ElasticPool pool_;
  SessionContext sessions_{options_, handler_, origin_, pool_};
  std::vector<std::thread> threads_;
};

oidc::Status Server::Impl::use_tls() {
  tls_.emplace(asio::ssl::context::tls_server);
  tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
  const TlsIdentity& identity = *options_.tls;
  error_code error;
  tls_->use_certificate_chain(asio::buffer(identity.certificate_pem), error);
  if (error) {
    return oidc::Error{oidc::Errc::kBadInput, "the server certificate cannot be used: " + error.message()};
  }
  tls_->use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem, error);
  if (error) {
    return oidc::Error{oidc::Errc::kBadInput, "the server key cannot be used: " + error.message()};
  }
  return oidc::Done{};
}

oidc::Status Server::Impl::listen() {
  const auto endpoint = resolve(io_, options_);
  if (!endpoint) {
    return endpoint.error();
  }
  const std::string place = in_url(options_.host) + ":" + std::to_string(options_.port);
  error_code error;
  acceptor_.open(endpoint->protocol(), error);
  if (!error) {
    // On Linux this passes over connections that are still closing, not over a listener.
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  }
  if (!error) {
    acceptor_.bind(*endpoint, error);
  }
  if (!error) {
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    return bad_argument(describe(error, place));
  }
  port_ = acceptor_.local_endpoint().port();
  origin_ = (tls_ ? "https://" : "http://") + host_for_clients(options_.host) + ":" + std::to_string(port_);
  return oidc::Done{};
}

void Server::Impl::start() {
  accept();
  for (int i = 0; i < std::max(1, options_.threads); ++i) {
    threads_.emplace_back([this] { run(); });
  }
}

void Server::Impl::accept() {
  acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) {
      return;
    }
    if (error) {
      return pause_accepting();
    }
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    start_session(sessions_, std::move(socket), tls_ ? &*tls_ : nullptr);
    accept();
  });
}

void Server::Impl::pause_accepting() {
  auto timer = std::make_shared<asio::steady_timer>(acceptor_.get_executor(), kAcceptPause);
  timer->async_wait([this, timer](error_code error) {
    if (!error) {
      accept();
    }
  });
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
  const bool tls = options.tls != nullptr;
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (tls) {
    const auto usable = impl->use_tls();
    if (!usable) {
      return usable.error();
    }
  }
  const auto listening = impl->listen();
  if (!listening) {
    return listening.error();
  }
  impl->start();
  return std::unique_ptr<Server>{new Server{std::move(impl)}};
}

std::uint16_t Server::port() const {
  return impl_->port();
}
const std::string& Server::origin() const {
  return impl_->origin();
}

}  // namespace mockserver
