#include "client/endpoint_url.hpp"

#include "oidc/url.hpp"

namespace authcore {

oidc::Status check_endpoint_url(const std::string& url) {
  const oidc::Result<oidc::Url> parsed = oidc::parse_url(url);
  if (!parsed) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "expected an absolute https URL"};
  }
  if (parsed->scheme != "https" && !oidc::is_loopback_host(parsed->host)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "http is permitted for loopback hosts only; expected https"};
  }
  if (!parsed->fragment.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a URL without fragment is expected"};
  }
  return oidc::Done{};
}

}  // namespace authcore
