#include "oidc/http_client.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "oidc/url.hpp"
#include "redirect.hpp"
#include "socket_stream.hpp"

namespace oidc {
namespace {

namespace http = boost::beast::http;
using detail::Patience;
using detail::SocketStream;
using detail::SteadyTime;
using Parser = http::response_parser<http::string_body>;

// Below the five seconds after which common servers close: a connection that the server
// closes while we send cannot be told from one that breaks after the request was processed.
constexpr std::chrono::seconds kMaxIdle{4};
constexpr std::size_t kMaxIdleConnections = 16;
constexpr std::uint32_t kMaxHeadBytes = 64U * 1024U;
constexpr std::size_t kReadSize = 16U * 1024U;

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

std::string to_wire(const HttpRequest& request, const Url& url) {
  const std::vector<std::pair<const char*, std::string>> defaults = {
      {"Host", url.origin().substr(url.scheme.size() + 3)},
      {"User-Agent", "assay"},
      {"Accept", "*/*"},
      {"Accept-Encoding", "identity"}};
  Headers headers = request.headers;
  headers.remove("Content-Length");
  headers.remove("Transfer-Encoding");
  std::string text = request.method + " " + url.target() + " HTTP/1.1\r\n";
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

/// Reads one reply; what it doesn't use of the stream makes the stream unusable.
class ReplyReader {
 public:
  ReplyReader(SocketStream& stream, const Patience& patience, std::size_t max_body_bytes, bool is_head)
      : stream_{stream}, patience_{patience}, max_body_bytes_{max_body_bytes}, is_head_{is_head} {}

  Result<HttpResponse> read() {
    for (;;) {
      restart();
      const auto done = read_one();
      if (!done) {
        return done.error();
      }
      if (parser_->get().result_int() / 100 != 1) {  // "100 Continue" and "103 Early Hints" precede the reply
        return take();
      }
    }
  }

  bool leaves_connection_usable() const { return is_usable_ && pending_.empty(); }

 private:
  void restart() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(max_body_bytes_);
    parser_->skip(is_head_);
  }

  Status read_one() {
    std::vector<char> buffer(kReadSize);
    auto fed = feed();  // what came together with an interim reply
    while (fed && !parser_->is_done()) {
      const auto count = stream_.read(buffer, patience_);
      if (!count) {
        return count.error();
      }
      if (*count == 0) {
        boost::system::error_code error = http::error::end_of_stream;
        if (parser_->got_some()) {
          parser_->put_eof(error);
        }
        return error || !parser_->is_done() ? broken("the connection broke") : Status{Done{}};
      }
      pending_.append(buffer.data(), *count);
      fed = feed();
    }
    return fed;
  }

  Status feed() {
    while (!pending_.empty() && !parser_->is_done()) {
      boost::system::error_code error;
      const std::size_t used = parser_->put(boost::asio::buffer(pending_), error);
      pending_.erase(0, used);
      if (error == http::error::need_more) {
        return pending_.size() > kMaxHeadBytes ? too_large() : Status{Done{}};
      }
      if (error == http::error::body_limit || error == http::error::header_limit) {
        return too_large();
      }
      if (error) {
        return broken("the reply is not HTTP");
      }
    }
    return Done{};
  }

  HttpResponse take() {
    is_usable_ = parser_->keep_alive();
    auto message = parser_->release();
    HttpResponse response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
    for (const auto& field : message) {
      response.headers.add(std::string{field.name_string()}, std::string{field.value()});
    }
    return response;
  }

  static Status broken(const char* what) { return Error{Errc::kNetwork, what}; }
  static Status too_large() { return Error{Errc::kResponseTooLarge, "the reply is larger than the limit"}; }

  SocketStream& stream_;
  const Patience patience_;
  const std::size_t max_body_bytes_;
  const bool is_head_;
  std::optional<Parser> parser_;
  std::string pending_;  // read, but not parsed
  bool is_usable_ = false;
};

struct IdleConnection {
  std::string origin;
  SteadyTime since;
  std::unique_ptr<SocketStream> stream;
};

}  // namespace

/// Idle connections and the trust anchors. Thread-safe.
class HttpClient::Connections {
 public:
  std::unique_ptr<SocketStream> take_idle(const std::string& origin) {
    const auto oldest = std::chrono::steady_clock::now() - kMaxIdle;
    const std::lock_guard lock{mutex_};
    std::erase_if(idle_, [&](const IdleConnection& idle) { return idle.since < oldest || !idle.stream->is_quiet(); });
    const auto found =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](const IdleConnection& idle) { return idle.origin == origin; });
    if (found == idle_.rend()) {
      return nullptr;
    }
    auto stream = std::move(found->stream);
    idle_.erase(std::next(found).base());
    return stream;
  }

  void give_back(std::string origin, std::unique_ptr<SocketStream> stream) {
    const std::lock_guard lock{mutex_};
    if (idle_.size() == kMaxIdleConnections) {
      idle_.erase(idle_.begin());
    }
    idle_.push_back({std::move(origin), std::chrono::steady_clock::now(), std::move(stream)});
  }

  Result<std::unique_ptr<SocketStream>> open(const Url& url, const HttpClientOptions& options, SteadyTime deadline) {
    SSL_CTX* tls = nullptr;
    if (url.scheme == "https") {
      const auto context = tls_context(options.ca_file);
      if (!context) {
        return context.error();
      }
      tls = *context;
    }
    // From here: what reading the anchors took isn't the server's fault.
    const auto connect_by = std::min(std::chrono::steady_clock::now() + options.connect_timeout, deadline);
    return SocketStream::open(url, tls, connect_by);
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
  auto stream = connections_->take_idle(origin);
  if (!stream) {
    auto opened = connections_->open(*url, options_, deadline);
    if (!opened) {
      return with_origin(opened.error(), origin, true);
    }
    stream = *std::move(opened);
  }
  const Patience patience{options_.read_timeout, deadline};
  const auto written = stream->write(to_wire(request, *url), patience);
  if (!written) {
    return with_origin(written.error(), origin, false);
  }
  ReplyReader reader{*stream, patience, options_.max_body_bytes, request.method == "HEAD"};
  auto response = reader.read();
  if (!response) {
    return with_origin(response.error(), origin, false);
  }
  if (reader.leaves_connection_usable()) {
    connections_->give_back(origin, std::move(stream));
  }
  return response;
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  const detail::SigpipeGuard guard;
  const auto deadline = std::chrono::steady_clock::now() + options_.total_timeout;
  HttpRequest current = request;
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
