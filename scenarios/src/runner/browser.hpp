#pragma once

#include <string>

#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace scenarios {

/// The scripted user agent: asks the issuer and carries the redirect to the client's loopback
/// listener, before it returns. `script` is the scenario's `browser`. Thread-safe.
class Browser {
 public:
  Browser(oidc::Json script, oidc::HttpTransport& transport) : script_(std::move(script)), transport_{transport} {}

  /// Errors: `kNetwork` and whatever else stops a browser, e.g. `kServer` where the issuer
  /// shows a page instead of redirecting.
  oidc::Status open(const std::string& url);

 private:
  oidc::Result<std::string> changed(const std::string& redirect) const;

  oidc::Json script_;
  oidc::HttpTransport& transport_;
};

}  // namespace scenarios
