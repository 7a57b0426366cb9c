#include "flows/loopback_listener.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <string_view>

#include "flows/page_server.hpp"
#include "oidc/openssl.hpp"

namespace authcore {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;

constexpr const char* kBuiltInPage =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Login</title></head>\n"
    "<body><p>The login has been passed on to the application. You can close this window.</p></body>\n</html>\n";

}  // namespace

class LoopbackListener::Impl {
 public:
  explicit Impl(Options options) : options_{std::move(options)} {}

  bool open();
  int port() const { return server_->port(); }
  oidc::Result<oidc::Form> wait(oidc::Clock& clock, oidc::Duration timeout, const std::stop_token& stop);

 private:
  PageServer::Page answer(const PageServer::Request& request);
  bool accept(oidc::Form parameters);

  Options options_;
  std::stop_source arrived_;
  std::mutex mutex_;
  std::optional<oidc::Form> parameters_;  // guarded by mutex_
  std::unique_ptr<PageServer> server_;    // last: its thread uses the members above
};

bool LoopbackListener::Impl::open() {
  server_ = PageServer::open(options_.redirect.address, options_.redirect.port,
                             [this](const PageServer::Request& request) { return answer(request); });
  return server_ != nullptr;
}

PageServer::Page LoopbackListener::Impl::answer(const PageServer::Request& request) {
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  if (request.target.compare(0, query, options_.redirect.path) != 0) {
    return {kNotFound, "text/plain", "not found\n"};
  }
  oidc::Result<oidc::Form> parameters =
      oidc::parse_form(std::string_view{request.target}.substr(std::min(query + 1, request.target.size())));
  if (request.method != "GET" || !parameters || !accept(std::move(*parameters))) {
    return {kBadRequest, "text/plain", "this is not the answer to the login in progress\n"};
  }
  return {kOk, "text/html; charset=utf-8", options_.page.empty() ? kBuiltInPage : options_.page,
          "default-src 'none'; style-src 'unsafe-inline'"};
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
