#include <array>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "server/session.hpp"

namespace mockserver {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// A connection that ends before it is secure.
class AbortedHandshake : public std::enable_shared_from_this<AbortedHandshake> {
 public:
  explicit AbortedHandshake(asio::ip::tcp::socket socket) : stream_{std::move(socket)} {}

  void start(std::chrono::milliseconds patience) {
    stream_.expires_after(patience);
    stream_.async_read_some(asio::buffer(first_), [self = shared_from_this()](error_code, std::size_t) {
      error_code ignored;
      self->stream_.socket().set_option(asio::socket_base::linger{true, 0}, ignored);
      self->stream_.socket().close(ignored);
    });
  }

 private:
  boost::beast::tcp_stream stream_;
  std::array<char, 1> first_{};
};

}  // namespace

void abort_handshake(const SessionContext& context, asio::ip::tcp::socket socket) {
  std::make_shared<AbortedHandshake>(std::move(socket))->start(context.options.header_timeout);
}

}  // namespace mockserver
