#include "control/guard.hpp"

#include <arpa/inet.h>

namespace mockserver::control {
namespace {

bool is_address(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

/// Rebinding needs a name that somebody registered. Addresses are none, nor are names of one
/// label: "localhost", or what containers call each other.
bool may_be_ours(const std::string& field, const std::string& own_host) {
  const auto url = oidc::parse_url("http://" + field + "/");
  return url && url->path == "/" &&
         (url->host == own_host || is_address(url->host) || url->host.find('.') == std::string::npos);
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
                   .expected = url.host + ", an IP address or a name without dots"};
  }
  if (request.method == "POST" && is_simple(oidc::media_type(request.headers))) {
    return Problem{.status = 415,
                   .detail = "bodies are JSON; with curl, say --json instead of -d",
                   .expected = "Content-Type: application/json"};
  }
  return std::nullopt;
}

}  // namespace mockserver::control
