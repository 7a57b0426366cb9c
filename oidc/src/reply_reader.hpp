#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "oidc/http.hpp"
#include "oidc/result.hpp"
#include "socket_stream.hpp"

namespace oidc::detail {

/// Reads one reply; what it doesn't use of the stream makes the stream unusable.
class ReplyReader {
 public:
  /// `has_no_body`: the reply ends with its header, as one to HEAD or to a CONNECT that succeeds does.
  ReplyReader(SocketStream& stream, const Patience& patience, std::size_t max_body_bytes, bool has_no_body)
      : stream_{stream}, patience_{patience}, max_body_bytes_{max_body_bytes}, has_no_body_{has_no_body} {}

  /// Errors: `kTimeout`, `kNetwork`, `kResponseTooLarge`.
  Result<HttpResponse> read();
  bool leaves_connection_usable() const { return is_usable_ && pending_.empty(); }

 private:
  void restart();
  Status read_one();
  Status feed();
  HttpResponse take();

  SocketStream& stream_;
  const Patience patience_;
  const std::size_t max_body_bytes_;
  const bool has_no_body_;
  std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser_;
  std::string pending_;  // read, but not parsed
  bool is_usable_ = false;
};

}  // namespace oidc::detail
