#include "fetch_metadata.hpp"

namespace mockserver {

bool is_sent_by_another_page(const oidc::HttpRequest& request) {
  const std::string site = request.headers.get("Sec-Fetch-Site").value_or("none");
  return site != "none" && site != "same-origin";
}

bool has_another_origin(const oidc::HttpRequest& request, const oidc::Url& url) {
  const auto origin = request.headers.get("Origin");
  if (!origin) {
    return false;
  }
  const auto page = oidc::parse_url(*origin);
  // The scheme isn't compared: behind a proxy it may have been another one.
  const std::string host = request.headers.get("Host").value_or(url.origin().substr(url.scheme.size() + 3));
  const auto own = page ? oidc::parse_url(page->scheme + "://" + host) : page;
  const bool is_hosts = page && own && page->host == own->host && page->port == own->port;
  return !is_hosts && *origin != url.origin();
}

}  // namespace mockserver
