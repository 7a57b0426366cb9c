#include "reply_reader.hpp"

#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>

namespace oidc::detail {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxHeadBytes = 64U * 1024U;
constexpr std::size_t kReadSize = 16U * 1024U;

Status broken(const char* what) {
  return Error{Errc::kNetwork, what};
}
Status too_large() {
  return Error{Errc::kResponseTooLarge, "the reply is larger than the limit"};
}

}  // namespace

Result<HttpResponse> ReplyReader::read() {
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

void ReplyReader::restart() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(kMaxHeadBytes);
  parser_->body_limit(max_body_bytes_);
  parser_->skip(has_no_body_);
}

Status ReplyReader::read_one() {
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

Status ReplyReader::feed() {
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

HttpResponse ReplyReader::take() {
  is_usable_ = parser_->keep_alive();
  auto message = parser_->release();
  HttpResponse response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
  for (const auto& field : message) {
    response.headers.add(std::string{field.name_string()}, std::string{field.value()});
  }
  return response;
}

}  // namespace oidc::detail
