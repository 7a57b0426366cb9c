#include "server/message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "oidc/json.hpp"

namespace mockserver {
namespace http = boost::beast::http;
namespace {

/// Path and query of a request target; "" if it has none.
std::string_view path_of(std::string_view target) {
  if (target.starts_with('/')) {
    return target;
  }
  const auto scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) {
    return {};
  }
  const auto path = target.find_first_of("/?", scheme_end + 3);
  return path == std::string_view::npos || target[path] != '/' ? "/" : target.substr(path);
}

std::string one_line(std::string text) {
  for (char& character : text) {
    if (character == '\r' || character == '\n' || character == '\0') {
      character = ' ';
    }
  }
  return text;
}

bool asks_to_close(const oidc::Headers& headers) {
  const auto connection = headers.get("Connection");
  return connection && http::token_list{*connection}.exists("close");
}

/// Of the reply to a HEAD: of the body that a GET would get, if the handler says so (RFC 9110 section 8.6).
std::uint64_t length_of(const oidc::HttpResponse& response) {
  const std::string said = response.headers.get("Content-Length").value_or("");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), length);
  return error == std::errc{} && end == said.data() + said.size() ? length : response.body.size();
}

/// Beast throws from 64 KiB on; clients give up far below that.
constexpr std::size_t kLongestField = 65'000;
bool has_long_field(const oidc::Headers& headers) {
  return std::any_of(headers.begin(), headers.end(), [](const auto& field) {
    return field.first.size() > kLongestField || field.second.size() > kLongestField;
  });
}

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

oidc::Result<oidc::HttpRequest> to_request(WireRequest&& wire, const std::string& origin) {
  const auto hosts = wire.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && wire.version() >= 11)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a request needs exactly one Host field"};
  }
  const std::string_view path = path_of({wire.target().data(), wire.target().size()});
  if (path.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the request target must be a path or an absolute URL"};
  }
  oidc::HttpRequest request;
  request.method = std::string{wire.method_string()};
  request.url = origin + std::string{path};
  for (const auto& field : wire) {
    request.headers.add(std::string{field.name_string()}, std::string{field.value()});
  }
  request.body = std::move(wire.body());
  return request;
}

bool has_sound_framing(const WireRequest& wire) {
  const auto codings = wire.count(http::field::transfer_encoding);
  const auto coding = wire[http::field::transfer_encoding];
  return codings == 0 || (codings == 1 && wire.version() >= 11 && boost::beast::iequals(coding, "chunked"));
}

RequestLine request_line(const WireRequest& wire) {
  return {.version = wire.version(), .head = wire.method() == http::verb::head, .keep_alive = wire.keep_alive()};
}

WireResponse to_wire(oidc::HttpResponse response, const RequestLine& line) {
  if (has_long_field(response.headers)) {
    response = server_problem(400, "Bad request",
                              "the reply would have a header field of more than " + std::to_string(kLongestField) +
                                  " bytes: a parameter is too long");
  }
  const bool valid = response.status >= 200 && response.status <= 999;
  WireResponse wire;
  wire.version(line.version);
  wire.result(valid ? static_cast<unsigned>(response.status) : 500U);
  for (const auto& [name, value] : response.headers) {
    if (!boost::beast::iequals(name, "Content-Length") && !boost::beast::iequals(name, "Transfer-Encoding")) {
      wire.insert(one_line(name), one_line(value));
    }
  }
  wire.keep_alive(line.keep_alive && !asks_to_close(response.headers));
  if (has_no_body(response.status)) {
    return wire;
  }
  wire.content_length(line.head ? length_of(response) : response.body.size());
  if (!line.head) {
    wire.body() = std::move(response.body);
  }
  return wire;
}

std::optional<oidc::HttpResponse> refusal_of(const boost::system::error_code& error, const ServerOptions& options) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return server_problem(431, "Request header fields too large",
                          "the limit is " + std::to_string(options.max_header_bytes) + " bytes");
  }
  if (error == http::error::body_limit) {
    return server_problem(413, "Content too large",
                          "the limit is " + std::to_string(options.max_body_bytes) + " bytes");
  }
  const bool is_malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                            error != http::error::partial_message;
  return is_malformed ? std::optional{server_problem(400, "Bad request", "not an HTTP/1.1 request: " + error.message())}
                      : std::nullopt;
}

oidc::HttpResponse server_problem(int status, std::string_view title, std::string_view detail) {
  const oidc::Json body = {{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
  // Any page may read it: it tells nothing but what its own request was.
  return {.status = status,
          .headers = {{"Content-Type", "application/problem+json"}, {"Access-Control-Allow-Origin", "*"}},
          .body = oidc::to_text(body)};
}

}  // namespace mockserver
