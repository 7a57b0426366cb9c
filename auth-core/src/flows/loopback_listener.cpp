#include "flows/loopback_listener.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include <httplib.h>

#include "oidc/openssl.hpp"

namespace authcore {
namespace {

constexpr int kWorkers = 4;
constexpr int kSocketTimeoutSeconds = 5;
constexpr int kFirstByteSeconds = 1;  // a browser's spare connection, on which nothing comes, holds up the end
constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;

constexpr const char* kBuiltInPage =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Login</title></head>\n"
    "<body><p>The login has been passed on to the application. You can close this window.</p></body>\n</html>\n";

// Without SO_REUSEPORT, which cpp-httplib sets by default: another program could share the port
// silently and receive codes. SO_REUSEADDR only skips the wait for old connections.
void set_socket_options(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

void reply(httplib::Response& response, int status, const std::string& text, const char* type) {
  response.status = status;
  response.set_header("Cache-Control", "no-store");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_content(text, type);
}

}  // namespace

class LoopbackListener::Impl {
 public:
  explicit Impl(Options options);
  ~Impl();

  bool open();
  int port() const { return port_; }
  oidc::Result<oidc::Form> wait(oidc::Clock& clock, oidc::Duration timeout, const std::stop_token& stop);

 private:
  void handle(const httplib::Request& request, httplib::Response& response);
  bool accept(oidc::Form parameters);

  Options options_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<bool> has_ended_ = false;
  std::stop_source arrived_;
  std::mutex mutex_;
  std::optional<oidc::Form> parameters_;  // guarded by mutex_
};

LoopbackListener::Impl::Impl(Options options) : options_{std::move(options)} {
  server_.set_socket_options(set_socket_options);
  server_.new_task_queue = [] { return new httplib::ThreadPool(kWorkers); };
  server_.set_keep_alive_max_count(1);  // an idle connection would hold a worker
  server_.set_keep_alive_timeout(kFirstByteSeconds);
  server_.set_read_timeout(kSocketTimeoutSeconds, 0);
  server_.set_write_timeout(kSocketTimeoutSeconds, 0);
  server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    handle(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
}

LoopbackListener::Impl::~Impl() {
  if (thread_.joinable()) {
    server_.stop();
    thread_.join();
  }
}

bool LoopbackListener::Impl::open() {
  const LoopbackRedirect& redirect = options_.redirect;
  if (redirect.port == 0) {
    port_ = server_.bind_to_any_port(redirect.address);
  } else {
    port_ = server_.bind_to_port(redirect.address, redirect.port) ? redirect.port : -1;
  }
  if (port_ <= 0) {
    return false;
  }
  thread_ = std::thread{[this] {
    server_.listen_after_bind();
    has_ended_ = true;
  }};
  // stop() before the loop runs would be lost, and the destructor would wait for ever.
  while (!server_.is_running() && !has_ended_) {
    std::this_thread::yield();
  }
  return true;
}

void LoopbackListener::Impl::handle(const httplib::Request& request, httplib::Response& response) {
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  if (request.target.compare(0, query, options_.redirect.path) != 0) {
    return reply(response, kNotFound, "not found\n", "text/plain");
  }
  oidc::Result<oidc::Form> parameters =
      oidc::parse_form(std::string_view{request.target}.substr(std::min(query + 1, request.target.size())));
  if (request.method != "GET" || !parameters || !accept(std::move(*parameters))) {
    return reply(response, kBadRequest, "this is not the answer to the login in progress\n", "text/plain");
  }
  response.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  reply(response, kOk, options_.page.empty() ? kBuiltInPage : options_.page, "text/html; charset=utf-8");
}

bool LoopbackListener::Impl::accept(oidc::Form parameters) {
  if (parameters.count("state") != 1 || !oidc::equal_secrets(parameters.value_or_empty("state"), options_.state)) {
    return false;
  }
  {
    const std::scoped_lock lock{mutex_};
    if (parameters_) {
      return false;  // only the first one counts
    }
    parameters_ = std::move(parameters);
  }
  arrived_.request_stop();
  return true;
}

oidc::Result<oidc::Form> LoopbackListener::Impl::wait(oidc::Clock& clock, oidc::Duration timeout,
                                                      const std::stop_token& stop) {
  // Either reason ends the same sleep: the redirect, or the caller.
  const std::stop_callback cancel{stop, [this] { arrived_.request_stop(); }};
  clock.sleep_for(timeout, arrived_.get_token());
  const std::scoped_lock lock{mutex_};
  if (parameters_) {
    return *parameters_;
  }
  if (stop.stop_requested()) {
    return oidc::Error{oidc::Errc::kCancelled, "the login was cancelled"};
  }
  return oidc::Error{oidc::Errc::kTimeout, "the browser did not come back in time"};
}

LoopbackListener::LoopbackListener(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
LoopbackListener::~LoopbackListener() = default;

oidc::Result<std::unique_ptr<LoopbackListener>> LoopbackListener::open(Options options) {
  const LoopbackRedirect redirect = options.redirect;
  auto impl = std::make_unique<Impl>(std::move(options));
  if (!impl->open()) {
    return oidc::Error{oidc::Errc::kConfig, "cannot listen for the redirect on " + redirect.address + " port " +
                                                std::to_string(redirect.port) + ": it is in use or not permitted"};
  }
  return std::unique_ptr<LoopbackListener>{new LoopbackListener{std::move(impl)}};
}

int LoopbackListener::port() const {
  return impl_->port();
}

oidc::Result<oidc::Form> LoopbackListener::wait(oidc::Clock& clock, oidc::Duration timeout,
                                                const std::stop_token& stop) {
  return impl_->wait(clock, timeout, stop);
}

}  // namespace authcore
