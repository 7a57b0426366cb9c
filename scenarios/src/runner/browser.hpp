#pragma once

#include <atomic>
#include <string>

#include "oidc/http.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace scenarios {

/// How the user agent comes back to the client: by a redirect, or by posting a form (OAuth 2.0 Form Post Response
/// Mode).
struct Return {
  std::string url;   ///< "": it does not come back; the user walked away, or looks at a page
  std::string form;  ///< what is posted, form-encoded; "" for a redirect
};

/// The scripted user agent: asks the issuer and carries the redirect to the client's loopback
/// listener, before it returns. `script` is the scenario's `browser`. Thread-safe.
class Browser {
 public:
  /// `suppressed`: it does nothing of its script, to see that this is missed.
  Browser(oidc::Json script, oidc::HttpTransport& transport, bool suppressed = false)
      : script_(std::move(script)), transport_{transport}, suppressed_{suppressed} {}

  /// Errors: `kNetwork` and whatever else stops a browser, e.g. `kServer` where the issuer
  /// shows a page instead of redirecting.
  oidc::Status open(const std::string& url);

  /// As above up to the way back, which it returns instead of going it.
  oidc::Result<Return> visit(const std::string& url);

  /// False if it did not do all of its script: nobody called it, nobody listened, or it was suppressed.
  bool behaved() const;

 private:
  oidc::Result<Return> changed(Return way);

  oidc::Json script_;
  bool says(const char* what) const { return !suppressed_ && script_.contains(what); }

  oidc::HttpTransport& transport_;
  bool suppressed_;
  std::atomic<bool> departed_{false};   // from just following the redirect
  std::atomic<std::size_t> strays_{0};  // that were answered, or whose connection was taken
};

}  // namespace scenarios
