#pragma once

#include <memory>
#include <string>

#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "oidc/json.hpp"

namespace mockserver {

struct ControlOptions {
  std::string ca_pem{};  ///< served at /v1/ca.pem; "": no TLS, 404
  std::string token{};   ///< what callers must show (RFC 6750, or as a Basic password); "": nothing
  oidc::Json defaults = oidc::Json::object();  ///< an overlay below the configuration of every issuer made here
};

/// The control API (docs/control-api.md), prefix /v1, as a function: create and delete
/// issuers, script steps, set and advance clocks, read and await the journal, decide device
/// and authorization requests, mint tokens, rotate keys, read the verdict. Bodies are the
/// same JSON structures as in scenario files. Problems are RFC 9457 JSON with a `pointer` to
/// the bad member; a request that fails changes nothing. Thread-safe.
class Control {
 public:
  /// `issuers` must outlive this.
  Control(Issuers& issuers, ControlOptions options);
  Control(Issuers& issuers, std::string ca_pem);
  ~Control();
  /// Never waits, but takes its time over keys: serve it with `ServerOptions::blocking_handlers`. The calls that wait
  /// (…/requests/wait, …/events, …/clock/advance with `sleepers`) reply by `ServedReply::later`.
  ServedReply handle(const oidc::HttpRequest& request);

  /// Lets the calls below /v1/listener act on the server that the issuers are on; to be called before the first
  /// request. Without it they answer 409. `server` must outlive this.
  void attach(Server& server);

  /// Ends the waits of requests in progress with 503.
  void end_waits();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mockserver
