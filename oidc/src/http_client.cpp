#include "oidc/http_client.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "oidc/url.hpp"
#include "redirect.hpp"
#include "reply_reader.hpp"
#include "socket_stream.hpp"

namespace oidc {
namespace {

using detail::Patience;
using detail::ReplyReader;
using detail::SocketStream;
using detail::SteadyTime;

// Below the five seconds after which common servers close: a connection that the server
// closes while we send cannot be told from one that breaks after the request was processed.
constexpr const char* kUserAgent = "User-Agent";
constexpr std::chrono::seconds kMaxIdle{4};
constexpr std::size_t kMaxIdleConnections = 16;
constexpr int kConnected = 2;  // 2xx
constexpr std::size_t kMaxRefusalBytes = 1U << 20U;

bool is_token(std::string_view text) {
  const auto is_token_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

// A line break in a value would start a header of its own.
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

/// How a request gets to its server: straight, or by a proxy, which passes plain http on itself and
/// makes a tunnel for https.
struct Route {
  Url target;
  std::optional<Proxy> proxy;

  bool is_tunnel() const { return proxy && target.scheme == "https"; }
  bool is_handed_over() const { return proxy && target.scheme == "http"; }
  /// Connections of the same key lead to the same place.
  std::string key() const {
    return is_handed_over() ? "proxy " + proxy->url.origin() : target.origin() + (proxy ? " by proxy" : "");
  }
};

std::string host_header(const Url& url) {
  return url.origin().substr(url.scheme.size() + 3);
}

std::string to_wire(const HttpRequest& request, const Route& route) {
  const Url& url = route.target;
  const std::vector<std::pair<const char*, std::string>> defaults = {
      {"Host", host_header(url)}, {"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
  Headers headers = request.headers;
  headers.remove("Content-Length");
  headers.remove("Transfer-Encoding");
  headers.remove("Proxy-Authorization");
  if (route.is_handed_over() && !route.proxy->authorization.empty()) {
    headers.add("Proxy-Authorization", route.proxy->authorization);
  }
  const std::string target = (route.is_handed_over() ? url.origin() : "") + url.target();
  std::string text = request.method + " " + target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : defaults) {
    text += headers.contains(name) ? "" : name + (": " + value) + "\r\n";
  }
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
  }
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

Error proxy_error(const std::string& why) {
  return {Errc::kConnectFailed, "the proxy " + why};
}

// RFC 9110 §9.3.6. Until the server is connected to, nothing of the request has left: every failure is definite.
Status open_tunnel(SocketStream& stream, const Route& route, const std::string& user_agent, const Patience& patience) {
  const std::string place =
      route.target.host.find(':') == std::string::npos ? route.target.host : "[" + route.target.host + "]";
  const std::string authority = place + ":" + std::to_string(route.target.port);
  std::string text =
      "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: " + user_agent + "\r\n";
  if (!route.proxy->authorization.empty()) {
    text += "Proxy-Authorization: " + route.proxy->authorization + "\r\n";
  }
  const Status written = stream.write(text + "\r\n", patience);
  if (!written) {
    return proxy_error("broke the connection");
  }
  ReplyReader reader{stream, patience, kMaxRefusalBytes, true};
  const Result<HttpResponse> reply = reader.read();
  if (!reply) {
    return proxy_error("gave no answer");
  }
  if (reply->status / 100 != kConnected) {
    return proxy_error("does not connect to this server (HTTP " + std::to_string(reply->status) + ")");
  }
  return Done{};
}

struct IdleConnection {
  std::string key;
  SteadyTime since;
  std::unique_ptr<SocketStream> stream;
};

}  // namespace

/// Idle connections and the trust anchors. Thread-safe.
class HttpClient::Connections {
 public:
  std::unique_ptr<SocketStream> take_idle(const std::string& key) {
    const auto oldest = std::chrono::steady_clock::now() - kMaxIdle;
    const std::lock_guard lock{mutex_};
    std::erase_if(idle_, [&](const IdleConnection& idle) { return idle.since < oldest || !idle.stream->is_quiet(); });
    const auto found =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](const IdleConnection& idle) { return idle.key == key; });
    if (found == idle_.rend()) {
      return nullptr;
    }
    auto stream = std::move(found->stream);
    idle_.erase(std::next(found).base());
    return stream;
  }

  void give_back(std::string key, std::unique_ptr<SocketStream> stream) {
    const std::lock_guard lock{mutex_};
    if (idle_.size() == kMaxIdleConnections) {
      idle_.erase(idle_.begin());
    }
    idle_.push_back({std::move(key), std::chrono::steady_clock::now(), std::move(stream)});
  }

  Result<std::unique_ptr<SocketStream>> open(const Route& route, const HttpClientOptions& options,
                                             const std::string& user_agent, SteadyTime deadline) {
    SSL_CTX* tls = nullptr;
    if (route.target.scheme == "https") {
      const auto context = tls_context(options.ca_file);
      if (!context) {
        return context.error();
      }
      tls = *context;
    }
    // From here: what reading the anchors took isn't the server's fault.
    const auto connect_by = std::min(std::chrono::steady_clock::now() + options.connect_timeout, deadline);
    auto stream = SocketStream::open(route.proxy ? route.proxy->url : route.target, connect_by);
    if (!stream) {
      return stream;
    }
    const Patience patience{options.connect_timeout, connect_by};
    const Status tunnel = route.is_tunnel() ? open_tunnel(**stream, route, user_agent, patience) : Status{Done{}};
    if (!tunnel) {
      return tunnel.error();
    }
    const Status trusted = tls == nullptr ? Status{Done{}} : (*stream)->start_tls(route.target, tls, connect_by);
    if (!trusted) {
      return trusted.error();
    }
    return stream;
  }

 private:
  // Reading the system's anchors takes milliseconds: once, and not for plain http.
  Result<SSL_CTX*> tls_context(const std::string& ca_file) {
    const std::lock_guard lock{mutex_};
    if (!tls_) {
      auto context = detail::make_tls_context(ca_file);
      if (!context) {
        return context.error();
      }
      tls_ = *std::move(context);
    }
    return tls_.get();
  }

  std::mutex mutex_;
  detail::SslCtx tls_;                // guarded by mutex_; never replaced
  std::vector<IdleConnection> idle_;  // guarded by mutex_; the most recently used last
};

namespace {

Error with_origin(const Error& error, const std::string& origin, bool definite) {
  Error located = error;
  located.message = origin + ": " + error.message;
  located.definite = definite;
  return located;
}

}  // namespace

HttpClient::HttpClient(HttpClientOptions options)
    : options_{std::move(options)}, connections_{std::make_unique<Connections>()} {}

HttpClient::~HttpClient() {
  const detail::SigpipeGuard guard;  // closing a TLS connection writes
  connections_.reset();
}

Result<HttpResponse> HttpClient::exchange(const HttpRequest& request, SteadyTime deadline) {
  const auto url = parse_url(request.url);
  if (!url) {
    return url.error();
  }
  const auto valid = check_message(request);
  if (!valid) {
    return valid.error();
  }
  const std::string origin = url->origin();
  auto proxy = proxy_for(options_.proxies, *url);
  if (!proxy) {
    return proxy.error();
  }
  const Route route{*url, *std::move(proxy)};
  auto stream = connections_->take_idle(route.key());
  if (!stream) {
    auto opened = connections_->open(route, options_, request.headers.get(kUserAgent).value_or(""), deadline);
    if (!opened) {
      return with_origin(opened.error(), origin, true);
    }
    stream = *std::move(opened);
  }
  const Patience patience{options_.read_timeout, deadline};
  const auto written = stream->write(to_wire(request, route), patience);
  if (!written) {
    return with_origin(written.error(), origin, false);
  }
  ReplyReader reader{*stream, patience, options_.max_body_bytes, request.method == "HEAD"};
  auto response = reader.read();
  if (!response) {
    return with_origin(response.error(), origin, false);
  }
  if (reader.leaves_connection_usable()) {
    connections_->give_back(route.key(), std::move(stream));
  }
  return response;
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  const detail::SigpipeGuard guard;
  const auto deadline = std::chrono::steady_clock::now() + options_.total_timeout;
  HttpRequest current = request;
  if (!current.headers.contains(kUserAgent)) {
    current.headers.add(kUserAgent, options_.user_agent);
  }
  for (int redirects = 0;; ++redirects) {
    auto response = exchange(current, deadline);
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
