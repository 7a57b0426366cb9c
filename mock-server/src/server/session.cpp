#include "server/session.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <sys/ioctl.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "server/handling.hpp"
#include "server/listener.hpp"
#include "server/message.hpp"
#include "server/wire_plan.hpp"
#include "traffic.hpp"

namespace mockserver {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t kFirstRead = 4096;
/// How long, and how much, a closing connection is read from: unread bytes would make the last reply a reset.
constexpr std::chrono::seconds kDrainTime{2};
constexpr std::size_t kDrainBytes = 8U << 20U;
/// A reset drops what the client's machine has not acknowledged: how often, and how long, it is waited for.
constexpr int kAckChecks = 500;
constexpr std::chrono::milliseconds kAckPause{2};

/// One connection: await a byte, read a request, have it answered, write, again. Each wait has its own deadline. All
/// members run on the stream's strand, but for the handler, which may run on a thread of the pool meanwhile.
template <typename Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  template <typename... Tls>
  Session(const SessionContext& context, asio::ip::tcp::socket socket, Tls&... tls)
      : context_{context}, stream_{std::move(socket), tls...} {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override { context_.connections.remove(this); }

  void start() {
    context_.connections.add(this->shared_from_this());
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      open_.emplace(context_.open_time);
      tcp().expires_after(context_.options.header_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server, then(&Session::on_handshake));
    } else {
      await_request();
    }
  }

  void cut() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->reset(); });
  }

 private:
  beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }

  template <typename Member>
  auto then(Member member) {
    return beast::bind_front_handler(member, this->shared_from_this());
  }

  void on_handshake(error_code error) {
    if (!error) {
      await_request();
    }
  }

  void await_request() {
    open_.reset();
    parser_.reset();
    line_ = {};  // what is refused before its header is whole is not answered as the request before it
    if (buffer_.size() > 0) {
      read_header();  // pipelined
      return;
    }
    if (buffer_.capacity() > kFirstRead) {
      buffer_.shrink_to_fit();
    }
    tcp().expires_after(context_.options.idle_timeout);
    stream_.async_read_some(buffer_.prepare(kFirstRead), then(&Session::on_first_bytes));
  }

  void on_first_bytes(error_code error, std::size_t count) {
    if (error) {
      return close();
    }
    buffer_.commit(count);
    read_header();
  }

  void read_header() {
    open_.emplace(context_.open_time);
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
    parser_->body_limit(context_.options.max_body_bytes);
    tcp().expires_after(context_.options.header_timeout);
    http::async_read_header(stream_, buffer_, *parser_, then(&Session::on_header));
  }

  void on_header(error_code error, std::size_t) {
    if (error) {
      return on_read_error(error);
    }
    line_ = request_line(parser_->get());
    if (!has_sound_framing(parser_->get())) {
      return refuse(server_problem(400, "Bad request", "a request has no Transfer-Encoding but chunked"));
    }
    tcp().expires_after(context_.options.body_timeout);
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue") || parser_->is_done()) {
      return read_body();
    }
    response_.emplace(http::status::continue_, 11U);
    http::async_write(stream_, *response_, then(&Session::on_continue));
  }

  void on_continue(error_code error, std::size_t) {
    if (!error) {
      read_body();
    }
  }

  void read_body() { http::async_read(stream_, buffer_, *parser_, then(&Session::on_request)); }

  void on_request(error_code error, std::size_t) {
    if (error) {
      return on_read_error(error);
    }
    tcp().expires_never();
    auto request = to_request(parser_->release(), context_.origin);
    if (!request) {
      return refuse(server_problem(400, "Bad request", request.error().message));
    }
    if (!context_.options.blocking_handlers) {
      return deliver(answer_safely(context_.handler, *request));
    }
    const bool started =
        context_.pool.run([self = this->shared_from_this(), request = *std::move(request)](const std::stop_token&) {
          self->post_delivery(answer_safely(self->context_.handler, request));
        });
    if (!started) {
      refuse(server_problem(503, "Service unavailable", "no thread is left to answer on"));
    }
  }

  void on_read_error(error_code error) {
    if (error == http::error::end_of_stream) {
      close();
    } else if (auto reply = refusal_of(error, context_.options)) {
      refuse(*std::move(reply));
    }
    // Else the client went away or the time is over: the socket is closed with the session.
  }

  /// Replies on the server's own account; the connection ends: nobody knows where the next request would begin.
  void refuse(oidc::HttpResponse reply) {
    line_.keep_alive = false;
    deliver({.reply = {.response = std::move(reply), .delivery = {}}});
  }

  void post_delivery(ServedReply served) {
    asio::post(stream_.get_executor(), [self = this->shared_from_this(), served = std::move(served)]() mutable {
      self->deliver(std::move(served));
    });
  }

  void deliver(ServedReply served) {
    served_ = std::move(served);
    sent_ = 0;
    if (served_.later) {
      return ask_for_reply(kFirstPause);
    }
    if (served_.clock == nullptr || !has_to_wait(served_.reply.delivery)) {
      return send();
    }
    in_pool([this](const std::stop_token& stop) { return await_release(served_.reply.delivery, *served_.clock, stop); },
            &Session::send);
  }

  void ask_for_reply(std::chrono::milliseconds pause) {
    if (auto reply = ask_safely(served_.later)) {
      served_.later = nullptr;
      served_.reply.response = *std::move(reply);
      return send();
    }
    if (is_gone(tcp().socket())) {
      return reset();
    }
    auto timer = std::make_shared<asio::steady_timer>(stream_.get_executor(), pause);
    timer->async_wait([self = this->shared_from_this(), timer, pause](error_code error) {
      if (!error) {
        self->ask_for_reply(std::min(2 * pause, kLongestPause));
      }
    });
  }

  /// Runs `wait` on a thread of the pool, and goes on here if it returns true; else the connection is lost.
  template <typename Wait>
  void in_pool(Wait wait, void (Session::*next)()) {
    tcp().expires_never();
    const bool started = context_.pool.run([self = this->shared_from_this(), wait, next](const std::stop_token& stop) {
      if (wait(stop)) {
        asio::post(self->stream_.get_executor(), [self, next] { ((*self).*next)(); });
      }
    });
    if (!started && sent_ == 0) {
      refuse(server_problem(503, "Service unavailable", "no thread is left to wait on"));
    } else if (!started) {
      reset();
    }
  }

  void send() {
    const Delivery& delivery = served_.reply.delivery;
    disturb(delivery);
    response_ = to_wire(std::move(served_.reply.response), line_);
    if (delivery.fault == Fault::kNone && delivery.trickle.bytes == 0) {
      tcp().expires_after(context_.options.idle_timeout);
      http::async_write(stream_, *response_, then(&Session::on_written));
      return;
    }
    plan_ = plan_reply(*response_, delivery.fault);
    send_piece();
  }

  /// What the reply does to the server. It happens before the client can know of the reply.
  void disturb(const Delivery& delivery) {
    if (delivery.tls != TlsFault::kNone && context_.listener.handshakes() != nullptr) {
      static_cast<void>(context_.listener.handshakes()->script(delivery.tls, 1));
      line_.keep_alive = false;
    }
    if (delivery.refuse > oidc::Duration::zero() && served_.clock != nullptr) {
      context_.listener.down_for(delivery.refuse, *served_.clock, served_.keep_alive, this);
      line_.keep_alive = false;
    }
  }

  void send_piece() {
    const std::size_t limit = served_.reply.delivery.trickle.bytes;
    const std::size_t left = plan_.bytes.size() - sent_;
    if (left == 0) {
      return end_plan();
    }
    tcp().expires_after(context_.options.idle_timeout);
    asio::async_write(stream_, asio::buffer(plan_.bytes.data() + sent_, limit == 0 ? left : std::min(limit, left)),
                      then(&Session::on_piece));
  }

  void on_piece(error_code error, std::size_t count) {
    sent_ += count;
    if (error) {
      return;
    }
    const oidc::Duration pause = served_.reply.delivery.trickle.every;
    if (sent_ == plan_.bytes.size() || served_.clock == nullptr || pause <= oidc::Duration::zero()) {
      return send_piece();
    }
    in_pool([this, pause](const std::stop_token& stop) { return served_.clock->sleep_for(pause, stop); },
            &Session::send_piece);
  }

  void end_plan() {
    switch (plan_.end) {
      case WirePlan::End::kNext:
        return on_written({}, 0);
      case WirePlan::End::kClose:
        served_ = {};  // others may wait for its turn to be over
        return close();
      case WirePlan::End::kReset:
        served_ = {};
        return reset_once_acknowledged(kAckChecks);
      case WirePlan::End::kHang:
        buffer_.clear();
        tcp().expires_never();
        return await_departure();
    }
  }

  /// The client waits for us; it gets nothing, whatever it says.
  void await_departure() {
    tcp().async_read_some(buffer_.prepare(kFirstRead),
                          [self = this->shared_from_this()](error_code error, std::size_t) {
                            if (!error) {
                              self->await_departure();
                            }
                          });
  }

  void reset_once_acknowledged(int checks) {
    int unacknowledged = 0;
    ::ioctl(tcp().socket().native_handle(), TIOCOUTQ, &unacknowledged);
    if (unacknowledged <= 0 || checks == 0) {
      return reset();
    }
    auto timer = std::make_shared<asio::steady_timer>(stream_.get_executor(), kAckPause);
    timer->async_wait([self = this->shared_from_this(), timer, checks](error_code error) {
      if (!error) {
        self->reset_once_acknowledged(checks - 1);
      }
    });
  }

  void on_written(error_code error, std::size_t) {
    if (error) {
      return;
    }
    const bool keep_alive = response_->keep_alive();
    response_.reset();
    served_ = {};
    plan_ = {};
    if (keep_alive) {
      await_request();
    } else {
      close();
    }
  }

  /// The client sees ECONNRESET, and over TLS no close_notify.
  void reset() {
    error_code ignored;
    tcp().socket().set_option(asio::socket_base::linger{true, 0}, ignored);
    tcp().socket().close(ignored);
  }

  void close() {
    open_.reset();
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      tcp().expires_after(kDrainTime);
      stream_.async_shutdown(then(&Session::on_close_notify));
    } else {
      on_close_notify({});
    }
  }

  void on_close_notify(error_code) {
    error_code error;
    tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) {
      return;
    }
    buffer_.clear();
    tcp().expires_after(kDrainTime);
    drain();
  }

  void drain() { tcp().async_read_some(buffer_.prepare(kFirstRead), then(&Session::on_drained)); }

  void on_drained(error_code error, std::size_t count) {
    drained_ += count;
    if (!error && drained_ < kDrainBytes) {
      drain();
    }
  }

  const SessionContext& context_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  RequestLine line_;
  std::optional<OpenTime::Span> open_;  // from the first byte of a request, or of a handshake, to the end of its reply
  ServedReply served_;                  // until it is written
  std::optional<WireResponse> response_;
  WirePlan plan_;         // of a reply that is not simply written
  std::size_t sent_ = 0;  // of plan_
  std::size_t drained_ = 0;
};

}  // namespace

void start_session(const SessionContext& context, asio::ip::tcp::socket socket, asio::ssl::context* tls) {
  if (tls == nullptr) {
    std::make_shared<Session<PlainStream>>(context, std::move(socket))->start();
  } else {
    std::make_shared<Session<TlsStream>>(context, std::move(socket), *tls)->start();
  }
}

}  // namespace mockserver
