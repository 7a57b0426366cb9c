#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "flows/redirect_uri.hpp"
#include "oidc/clock.hpp"
#include "oidc/form.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// Receives the redirect of one login on a loopback address (RFC 8252 §7.3).
///
/// Only a GET of the redirect path with the right state counts; whatever else a browser or
/// another program sends gets 404 or 400 and does not end the wait (W-35). The page it answers with
/// shows nothing of the request, loads nothing, is not cached and sends no Referer, since the
/// request line holds the code.
class LoopbackListener {
 public:
  struct Options {
    LoopbackRedirect redirect;
    std::string state;
    std::string page;  ///< HTML of the acknowledgement; "": the built-in one
  };

  /// Errors: `kConfig` naming the port, if it cannot be listened on.
  static oidc::Result<std::unique_ptr<LoopbackListener>> open(Options options);
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;
  /// Closes the port and whatever connections there are at once; only a page that is being sent is sent to its end.
  ~LoopbackListener();

  /// The port that is open.
  int port() const;

  /// The parameters of the redirect; its state is the right one, the rest is unchecked. Errors:
  /// `kTimeout` after `timeout` on `clock`; `kCancelled`.
  oidc::Result<oidc::Form> wait(oidc::Clock& clock, oidc::Duration timeout, const std::stop_token& stop);

 private:
  class Impl;
  explicit LoopbackListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace authcore
