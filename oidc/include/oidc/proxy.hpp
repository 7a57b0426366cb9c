#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oidc/url.hpp"

namespace oidc {

/// Which proxies requests go through, as people write it: in http_proxy, https_proxy and no_proxy.
struct Proxies {
  std::string http{};   ///< for http requests: "http://[user:password@]host[:port]" or "host:port"; "": none
  std::string https{};  ///< for https requests, which it only passes on (CONNECT, RFC 9110 §9.3.6); "": none
  /// Reached directly: a name with all names below it, an address, a block ("10.0.0.0/8"), each with or
  /// without ":port"; "*" for everything. Loopback hosts always are.
  std::vector<std::string> exceptions{};
};

/// A proxy to connect to.
struct Proxy {
  Url url;
  std::string authorization;  ///< of Proxy-Authorization; "" if it wants none. Never logged.
};

/// The proxy on the way to `target`; nullopt: straight there. Errors: `kInvalidArgument` for a proxy that is no
/// http URL; it is not quoted, as it may hold a password.
Result<std::optional<Proxy>> proxy_for(const Proxies& proxies, const Url& target);

/// What the environment says, read once, now: http_proxy, https_proxy, all_proxy, no_proxy. Upper case counts if
/// lower case is unset, but for HTTP_PROXY, which a request to a CGI program could set.
Proxies proxies_from_environment();
/// The same of other variables; `get` returns nullopt for one that is unset.
Proxies proxies_from(const std::function<std::optional<std::string>(const std::string& name)>& get);

}  // namespace oidc
