#include "config/readers.hpp"

namespace mockserver {

std::chrono::seconds read_seconds(const oidc::Json& json) {
  return std::chrono::seconds{json.get<std::int64_t>()};
}

Lifetimes read_lifetimes(const oidc::Json& json, Lifetimes base) {
  const auto read = [&](const char* name, auto& target) {
    if (json.contains(name)) {
      target = read_seconds(json[name]);
    }
  };
  read("code", base.code);
  read("access", base.access);
  read("id", base.id);
  read("device", base.device);
  read("par", base.par);
  read("refresh", base.refresh);
  read("session", base.session);
  return base;
}

AccessTokenFormat read_access_token_format(const oidc::Json& json) {
  return json == "opaque" ? AccessTokenFormat::kOpaque : AccessTokenFormat::kJwt;
}

RefreshPolicy read_refresh_policy(const oidc::Json& json) {
  if (json == "omit") {
    return RefreshPolicy::kOmit;
  }
  return json == "same" ? RefreshPolicy::kSame : RefreshPolicy::kRotate;
}

}  // namespace mockserver
