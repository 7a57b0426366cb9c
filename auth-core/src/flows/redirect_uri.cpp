#include "flows/redirect_uri.hpp"

#include <algorithm>
#include <optional>

#include "oidc/url.hpp"

namespace authcore {
namespace {

constexpr std::string_view kAnyPort = ":0";

// Where ":0" stands at the end of the authority. `parse_url` rightly refuses port 0: it is a
// wish to the listener, not an address.
std::optional<std::size_t> find_any_port(const std::string& uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string::npos) {
    return std::nullopt;
  }
  const std::size_t end = std::min(uri.find_first_of("/?#", scheme + 3), uri.size());
  if (end < kAnyPort.size() || uri.compare(end - kAnyPort.size(), kAnyPort.size(), kAnyPort) != 0) {
    return std::nullopt;
  }
  return end - kAnyPort.size();
}

oidc::Error not_loopback(const char* why) {
  return {oidc::Errc::kInvalidArgument, why};
}

}  // namespace

oidc::Result<LoopbackRedirect> parse_loopback_redirect(const std::string& uri) {
  std::string text = uri;
  const std::optional<std::size_t> any_port = find_any_port(uri);
  if (any_port) {
    text.erase(*any_port, kAnyPort.size());
  }
  const oidc::Result<oidc::Url> url = oidc::parse_url(text);
  if (!url || url->scheme != "http") {
    return not_loopback("expected an http URL of this machine");
  }
  if (!url->query.empty() || !url->fragment.empty()) {
    return not_loopback("expected a URL without query and fragment");
  }
  LoopbackRedirect redirect;
  redirect.port = any_port ? 0 : url->port;
  redirect.path = url->path;
  if (url->host == "localhost" || url->host == "127.0.0.1") {
    redirect.address = "127.0.0.1";
  } else if (url->host == "::1") {
    redirect.address = "::1";
  } else {
    return not_loopback("expected the host 127.0.0.1, [::1] or localhost");
  }
  return redirect;
}

bool has_any_port(const std::string& uri) {
  return find_any_port(uri).has_value();
}

std::string with_real_port(const std::string& uri, int port) {
  const std::optional<std::size_t> any_port = find_any_port(uri);
  if (!any_port) {
    return uri;
  }
  std::string real = uri;
  real.replace(*any_port, kAnyPort.size(), ":" + std::to_string(port));
  return real;
}

}  // namespace authcore
