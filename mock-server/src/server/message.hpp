#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "mockserver/server.hpp"
#include "oidc/http.hpp"
#include "oidc/result.hpp"

/// Between Beast's messages and ours.
namespace mockserver {

using WireRequest = boost::beast::http::request<boost::beast::http::string_body>;
using WireResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// The request with an absolute URL below `origin`; an absolute request target loses its own
/// origin (RFC 9112 §3.2.2). Errors: `kInvalidArgument` for another form of target or not
/// exactly one Host field (RFC 9112 §3.2).
oidc::Result<oidc::HttpRequest> to_request(WireRequest&& wire, const std::string& origin);

/// Whether the end of the request can be told. A Transfer-Encoding that isn't "chunked" alone is refused (RFC 9112
/// sections 6.1 and 6.3): its body would be read as the next request, which is how requests are smuggled past a proxy.
bool has_sound_framing(const WireRequest& wire);

/// What the reply's message needs to know of the request.
struct RequestLine {
  unsigned version = 11;
  bool head = false;
  bool keep_alive = false;
};
RequestLine request_line(const WireRequest& wire);

/// The reply with Content-Length and Connection, without a body where there must be none
/// (HEAD, 204, 304). Line ends in header fields become spaces. A status that HTTP does not
/// have becomes 500.
WireResponse to_wire(oidc::HttpResponse response, const RequestLine& line);

/// What is told to a client whose request can't be read; nothing if it went away, or the time was over.
std::optional<oidc::HttpResponse> refusal_of(const boost::system::error_code& error, const ServerOptions& options);

/// A problem (RFC 9457) of the server itself, before any handler saw the request.
oidc::HttpResponse server_problem(int status, std::string_view title, std::string_view detail);

}  // namespace mockserver
