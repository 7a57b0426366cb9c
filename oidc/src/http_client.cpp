#include "oidc/http_client.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <httplib.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "oidc/url.hpp"
#include "redirect.hpp"
#include "watchdog.hpp"

namespace oidc {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

// Below the five seconds after which common servers close: a connection that the server
// closes while we send cannot be told from one that breaks after the request was processed.
constexpr milliseconds kMaxIdle{4'000};
constexpr std::size_t kMaxIdleConnections = 16;

/// OpenSSL writes without MSG_NOSIGNAL: a reset connection would end the process.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending{};
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &previous_);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  ~SigpipeGuard() {
    if (!was_pending_) {
      const timespec at_once{};
      sigtimedwait(&sigpipe_, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
  }

 private:
  sigset_t sigpipe_{};
  sigset_t previous_{};
  bool was_pending_ = false;
};

struct Connection {
  std::string origin;
  SteadyTime idle_since;
  detail::Interrupter interrupter;
  std::unique_ptr<httplib::ClientImpl> client;  // before the interrupter it calls
};

/// What came of the reply so far.
struct Reply {
  std::string body;
  std::size_t limit = 0;
  bool too_large = false;
  SteadyTime last_progress;

  bool accept_head(const httplib::Response& head) {
    last_progress = std::chrono::steady_clock::now();
    too_large = head.get_header_value<std::uint64_t>("Content-Length") > limit;
    return !too_large;
  }
  bool accept(const char* data, std::size_t size) {
    last_progress = std::chrono::steady_clock::now();
    too_large = size > limit - body.size();
    if (!too_large) {
      body.append(data, size);
    }
    return !too_large;
  }
};

void require_host_name(SSL_CTX* context, const std::string& host) {
  // httplib compares names too, but falls back to the subject's common name.
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  }
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

std::unique_ptr<httplib::ClientImpl> make_client(const Url& url, const HttpClientOptions& options) {
  if (url.scheme == "http") {
    return std::make_unique<httplib::ClientImpl>(url.host, url.port);
  }
  auto client = std::make_unique<httplib::SSLClient>(url.host, url.port);
  if (client->ssl_context() != nullptr) {
    require_host_name(client->ssl_context(), url.host);
  }
  client->enable_server_certificate_verification(true);
  if (!options.ca_file.empty()) {
    client->set_ca_cert_path(options.ca_file);
  }
  return client;
}

std::unique_ptr<Connection> make_connection(const Url& url, const HttpClientOptions& options) {
  auto connection = std::make_unique<Connection>();
  connection->origin = url.origin();
  connection->client = make_client(url, options);
  connection->client->set_keep_alive(true);
  connection->client->set_follow_location(false);
  connection->client->set_url_encode(false);
  connection->client->set_tcp_nodelay(true);
  connection->client->set_socket_options(
      [&interrupter = connection->interrupter](int socket) { interrupter.attach(socket); });
  return connection;
}

/// Idle connections, the most recently used last. Thread-safe.
class Pool {
 public:
  std::unique_ptr<Connection> take(const std::string& origin) {
    const auto oldest = std::chrono::steady_clock::now() - kMaxIdle;
    const std::lock_guard lock{mutex_};
    std::erase_if(idle_, [&](const auto& connection) { return connection->idle_since < oldest; });
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&](const auto& connection) { return connection->origin == origin; });
    if (found == idle_.rend()) {
      return nullptr;
    }
    auto connection = std::move(*found);
    idle_.erase(std::next(found).base());
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    connection->idle_since = std::chrono::steady_clock::now();
    const std::lock_guard lock{mutex_};
    if (idle_.size() == kMaxIdleConnections) {
      idle_.erase(idle_.begin());
    }
    idle_.push_back(std::move(connection));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
};

bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

// httplib writes what it is given; a line break would start a header of its own.
Status check_message(const HttpRequest& request) {
  if (!is_token(request.method)) {
    return Error{Errc::kInvalidArgument, "the HTTP method is not a token"};
  }
  for (const auto& [name, value] : request.headers) {
    const auto is_refused = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (!is_token(name) || std::any_of(value.begin(), value.end(), is_refused)) {
      return Error{Errc::kInvalidArgument, "an HTTP header has a bad name or a line break in its value"};
    }
  }
  return Done{};
}

httplib::Request to_raw(const HttpRequest& request, const Url& url, Reply& reply) {
  Headers headers = request.headers;
  const auto scheme_size = url.scheme.size() + 3;
  const std::vector<std::pair<const char*, std::string>> defaults = {{"Host", url.origin().substr(scheme_size)},
                                                                     {"User-Agent", "assay"},
                                                                     {"Accept", "*/*"},
                                                                     {"Accept-Encoding", "identity"}};
  for (const auto& [name, value] : defaults) {
    if (!headers.contains(name)) {
      headers.add(name, value);
    }
  }
  httplib::Request raw;
  raw.method = request.method;
  raw.path = url.target();
  raw.body = request.body;
  for (const auto& [name, value] : headers) {
    raw.headers.emplace(name, value);
  }
  raw.response_handler = [&reply](const httplib::Response& head) { return reply.accept_head(head); };
  raw.content_receiver = [&reply](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    return reply.accept(data, size);
  };
  return raw;
}

// No part of the request has left before these.
bool is_before_sending(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return true;
    default:
      return false;
  }
}

Error failure(Errc code, const std::string& origin, std::string_view what, bool definite) {
  Error error{code, origin + ": " + std::string{what}};
  error.definite = definite;
  return error;
}

Error to_error(httplib::Error error, const std::string& origin, const Reply& reply, milliseconds read_timeout) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::BindIPAddress:
    case httplib::Error::ConnectionTimeout:
      return failure(Errc::kConnectFailed, origin, "could not connect", true);
    case httplib::Error::SSLConnection:
      return failure(Errc::kTls, origin, "the TLS handshake failed", true);
    case httplib::Error::SSLLoadingCerts:
      return failure(Errc::kTls, origin, "the trust anchors could not be loaded", true);
    case httplib::Error::SSLServerVerification:
      return failure(Errc::kTls, origin, "the server's certificate is not trusted for this host", true);
    default:
      break;
  }
  // httplib says "read" of a silent connection as of a broken one.
  if (error == httplib::Error::Read && std::chrono::steady_clock::now() - reply.last_progress >= read_timeout) {
    return failure(Errc::kTimeout, origin, "no data arrived in time", false);
  }
  return failure(Errc::kNetwork, origin, "the connection broke", false);
}

}  // namespace

class HttpClient::Connections {
 public:
  Result<HttpResponse> exchange(const HttpRequest& request, const HttpClientOptions& options, SteadyTime deadline) {
    const auto url = parse_url(request.url);
    if (!url) {
      return url.error();
    }
    const auto valid = check_message(request);
    if (!valid) {
      return valid.error();
    }
    const auto now = std::chrono::steady_clock::now();
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - now);
    if (left <= milliseconds::zero()) {
      return failure(Errc::kTimeout, url->origin(), "the exchange took too long", true);
    }
    auto connection = pool_.take(url->origin());
    if (!connection) {
      connection = make_connection(*url, options);
    }
    connection->interrupter.reset();
    const milliseconds read_timeout = std::min(options.read_timeout, left);
    connection->client->set_connection_timeout(std::min(options.connect_timeout, left));
    connection->client->set_read_timeout(read_timeout);
    connection->client->set_write_timeout(read_timeout);
    return run(request, *url, std::move(connection), Reply{{}, options.max_body_bytes, false, now}, read_timeout,
               deadline);
  }

 private:
  Result<HttpResponse> run(const HttpRequest& request, const Url& url, std::unique_ptr<Connection> connection,
                           Reply reply, milliseconds read_timeout, SteadyTime deadline) {
    httplib::Request raw = to_raw(request, url, reply);
    httplib::Response head;
    auto error = httplib::Error::Success;
    bool ok = false;
    {
      const detail::Watchdog::Watch watch{watchdog_, deadline, connection->interrupter};
      ok = connection->client->send(raw, head, error);
    }
    if (connection->interrupter.fired()) {
      return failure(Errc::kTimeout, url.origin(), "the exchange took too long", is_before_sending(error));
    }
    if (reply.too_large) {
      return failure(Errc::kResponseTooLarge, url.origin(), "the reply is larger than the limit", false);
    }
    if (!ok) {
      return to_error(error, url.origin(), reply, read_timeout);
    }
    HttpResponse response{head.status, {}, std::move(reply.body)};
    for (const auto& [name, value] : head.headers) {
      response.headers.add(name, value);
    }
    pool_.give_back(std::move(connection));
    return response;
  }

  Pool pool_;
  detail::Watchdog watchdog_;
};

HttpClient::HttpClient(HttpClientOptions options)
    : options_{std::move(options)}, connections_{std::make_unique<Connections>()} {}

HttpClient::~HttpClient() {
  const SigpipeGuard guard;  // closing a TLS connection writes
  connections_.reset();
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  const SigpipeGuard guard;
  const auto deadline = std::chrono::steady_clock::now() + options_.total_timeout;
  HttpRequest current = request;
  for (int redirects = 0;; ++redirects) {
    auto response = connections_->exchange(current, options_, deadline);
    if (!response || redirects >= options_.max_redirects) {
      return response;
    }
    auto next = detail::redirected(current, *response);
    if (!next) {
      return response;
    }
    current = *std::move(next);
  }
}

}  // namespace oidc
