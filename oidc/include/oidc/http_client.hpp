#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "oidc/http.hpp"
#include "oidc/proxy.hpp"

namespace oidc {

struct HttpClientOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds read_timeout{30'000};   ///< longest silence between two reads
  std::chrono::milliseconds total_timeout{60'000};  ///< whole exchange, trickled replies included
  std::size_t max_body_bytes = 4U << 20U;           ///< larger replies are `kResponseTooLarge`
  std::string ca_file{};                            ///< PEM trust anchors instead of the system's; "" = system's
  Proxies proxies{};                                ///< none unless given; see `proxies_from_environment`
  int max_redirects = 5;                            ///< for GET and HEAD only; a POST is never redirected
  std::string user_agent{"assay"};                  ///< of requests that have none, and of tunnels
};

/// HTTP/1.1 over sockets, plain or TLS. Not cpp-httplib: that decodes percent escapes in
/// the headers of a reply, which ruins Location, and hides time limits behind each read.
///
/// Server certificates and host names are always verified. Redirects are followed for
/// GET and HEAD only, never from https to http, and without the Authorization header
/// once the origin changes; a redirect that isn't followed is the reply. netrc files are
/// never read. A proxy is used if one is given; https goes through it in a tunnel, so that it sees neither requests
/// nor replies. Idle connections are kept, by origin, for a few seconds. A request is never
/// sent twice. Errors: those of `HttpTransport`, and `kInvalidArgument` for a URL that
/// `parse_url` refuses or a method or header that cannot be written.
class HttpClient final : public HttpTransport {
 public:
  explicit HttpClient(HttpClientOptions options = {});
  ~HttpClient() override;
  Result<HttpResponse> send(const HttpRequest& request) override;

 private:
  class Connections;

  Result<HttpResponse> exchange(const HttpRequest& request, std::chrono::steady_clock::time_point deadline);

  HttpClientOptions options_;
  std::unique_ptr<Connections> connections_;
};

}  // namespace oidc
