#include "caching.hpp"

#include <algorithm>

#include "oidc/base64url.hpp"
#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

/// Is the tag in the list, or the list "*"? Compared weakly (RFC 9110 section 8.8.3.2).
bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    one.remove_prefix(std::min(one.size(), one.find_first_not_of(" \t")));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one == "*" || one == etag || (one.starts_with("W/") && one.substr(2) == etag)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string entity_tag(std::string_view text) {
  return "\"" + oidc::base64url_encode(oidc::sha256(text).substr(0, 16)) + "\"";
}

oidc::HttpResponse cacheable(const Call& call, oidc::HttpResponse reply, std::string etag) {
  const std::string& cache_control = call.world.config.keys.jwks_cache_control;
  if (cache_control.empty()) {
    return reply;
  }
  if (etag.empty()) {
    etag = entity_tag(reply.body);
  }
  if (const auto known = call.request.headers.get("If-None-Match"); known && names(*known, etag)) {
    reply = {304, {}, ""};
  }
  reply.headers.add("Cache-Control", cache_control);
  reply.headers.add("ETag", etag);
  return reply;
}

}  // namespace mockserver
