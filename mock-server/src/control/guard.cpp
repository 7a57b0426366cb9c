#include "control/guard.hpp"

#include <arpa/inet.h>

#include "client_auth/authenticate.hpp"
#include "fetch_metadata.hpp"
#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"

namespace mockserver::control {
namespace {

bool is_address(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

/// Rebinding needs a name whose address somebody else says. Of addresses and of "localhost" (RFC 6761 section 6.3)
/// nobody can; a name of one label may be anybody's in the same network.
bool may_be_ours(const std::string& field, const std::string& own_host) {
  const auto url = oidc::parse_url("http://" + field + "/");
  return url && url->path == "/" &&
         (url->host == own_host || is_address(url->host) || url->host == "localhost" ||
          url->host.ends_with(".localhost"));
}

/// To open a page of the API by a link is no harm: who did it sees nothing of it.
bool is_link(const oidc::HttpRequest& request) {
  return request.method == "GET" && request.headers.get("Sec-Fetch-Mode") == "navigate" &&
         request.headers.get("Sec-Fetch-Dest") == "document";
}

/// The types that a page may send anywhere without asking (Fetch section 2.2.2).
bool is_simple(const std::string& type) {
  return type == "text/plain" || type == "application/x-www-form-urlencoded" || type.starts_with("multipart/");
}

}  // namespace

std::optional<Problem> refuse_pages(const oidc::HttpRequest& request, const oidc::Url& url) {
  if (const auto host = request.headers.get("Host"); host && !may_be_ours(*host, url.host)) {
    return Problem{.status = 421,
                   .detail = "the Host field names another server",
                   .expected = url.host + ", localhost or an IP address"};
  }
  if (request.method == "POST" && is_simple(oidc::media_type(request.headers))) {
    return Problem{.status = 415,
                   .detail = "bodies are JSON; with curl, say --json instead of -d",
                   .expected = "Content-Type: application/json"};
  }
  return std::nullopt;
}

std::optional<Problem> refuse_other_origins(const oidc::HttpRequest& request, const oidc::Url& url) {
  const bool has_token = has_scheme(request.headers.get("Authorization").value_or(""), "Bearer");
  const bool of_another_page = is_sent_by_another_page(request) && !is_link(request);
  if (has_token || (!of_another_page && !has_another_origin(request, url))) {
    return std::nullopt;
  }
  return Problem{.status = 403,
                 .detail = "the request comes from a page of another origin",
                 .expected = "no Origin and no Sec-Fetch-Site, or those of this API's own pages"};
}

std::optional<Problem> refuse_strangers(const oidc::HttpRequest& request, const oidc::Url& url,
                                        const std::string& token) {
  if (token.empty() || url.path == "/v1/health") {
    return std::nullopt;
  }
  const std::string shown = request.headers.get("Authorization").value_or("");
  if (has_scheme(shown, "Bearer") && oidc::equal_secrets(after_scheme(shown), token)) {
    return std::nullopt;
  }
  if (has_scheme(shown, "Basic")) {
    const auto pair = oidc::base64_decode(after_scheme(shown));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon != std::string::npos && oidc::equal_secrets(std::string_view{*pair}.substr(colon + 1), token)) {
      return std::nullopt;
    }
  }
  return Problem{.status = 401, .detail = "this API needs its token", .expected = "Authorization: Bearer TOKEN"};
}

}  // namespace mockserver::control
