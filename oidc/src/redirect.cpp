#include "redirect.hpp"

#include <algorithm>

namespace oidc::detail {
namespace {

// RFC 3986 §5.2.4 for a path that starts with '/'.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool is_last = end == path.size();
    path.remove_prefix(end);
    if (segment == "/..") {
      out.resize(out.empty() ? 0 : out.rfind('/'));
    } else if (segment != "/.") {
      out += segment;
      continue;
    }
    if (is_last) {
      out += '/';
    }
  }
  return out;
}

bool is_absolute(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && reference.find_first_of("/?#") > colon;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Result<Url> resolve_reference(const Url& base, std::string_view reference) {
  if (is_absolute(reference)) {
    return parse_url(reference);
  }
  if (reference.starts_with("//")) {
    return parse_url(base.scheme + ":" + std::string{reference});
  }
  if (reference.empty() || reference.starts_with('#')) {
    return parse_url(base.origin() + base.target() + std::string{reference});
  }
  if (reference.starts_with('?')) {
    return parse_url(base.origin() + base.path + std::string{reference});
  }
  const auto path_end = std::min(reference.find_first_of("?#"), reference.size());
  std::string path{reference.substr(0, path_end)};
  if (!path.starts_with('/')) {
    path.insert(0, base.path, 0, base.path.rfind('/') + 1);
  }
  return parse_url(base.origin() + remove_dot_segments(path) + std::string{reference.substr(path_end)});
}

std::optional<HttpRequest> redirected(const HttpRequest& request, const HttpResponse& response) {
  const auto location = response.headers.get("Location");
  if (!is_redirect(response.status) || !location || (request.method != "GET" && request.method != "HEAD")) {
    return std::nullopt;
  }
  const auto from = parse_url(request.url);
  if (!from) {
    return std::nullopt;
  }
  const auto to = resolve_reference(*from, *location);
  if (!to || (from->scheme == "https" && to->scheme != "https")) {
    return std::nullopt;
  }
  HttpRequest next = request;
  next.url = to->to_string();
  next.headers.remove("Host");
  if (to->origin() != from->origin()) {
    next.headers.remove("Authorization");
    next.headers.remove("Proxy-Authorization");
    next.headers.remove("Cookie");
  }
  return next;
}

}  // namespace oidc::detail
