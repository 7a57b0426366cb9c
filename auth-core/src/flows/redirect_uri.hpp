#pragma once

#include <string>

#include "oidc/result.hpp"

namespace authcore {

/// A redirect URI that a listener on this machine can serve (RFC 8252 §7.3).
struct LoopbackRedirect {
  std::string address;  ///< to bind: "127.0.0.1" or "::1"
  int port = 0;         ///< 0: any free port; 80 where the URI names none (AUTHZ-007)
  std::string path;
};

/// http with host 127.0.0.1, [::1] or localhost (bound on 127.0.0.1). Errors: `kInvalidArgument`,
/// the reason without the URI (AUTHZ-008).
oidc::Result<LoopbackRedirect> parse_loopback_redirect(const std::string& uri);

/// True if `uri` leaves the port to the listener, as port 0.
bool has_any_port(const std::string& uri);

/// `uri` with `port` in place of a port 0; unchanged if it names another port.
std::string with_real_port(const std::string& uri, int port);

}  // namespace authcore
