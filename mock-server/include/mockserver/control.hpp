#pragma once

#include <memory>
#include <string>

#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"

namespace mockserver {

/// The clock of a served issuer: the machine's, moved by an offset, or one that stands
/// still until it is told to move. Thread-safe.
class IssuerClock;

/// The control API (docs/control-api.md), prefix /v1, as a function: create and delete
/// issuers, script steps, set and advance clocks, read and await the journal, decide device
/// and authorization requests, mint tokens, rotate keys, read the verdict. Bodies are the
/// same JSON structures as in scenario files. Problems are RFC 9457 JSON with a `pointer` to
/// the bad member; a request that fails changes nothing. Thread-safe.
class Control {
 public:
  /// `ca_pem` is served at /v1/ca.pem ("" = no TLS: 404). `issuers` must outlive this.
  Control(Issuers& issuers, std::string ca_pem);
  ~Control();
  /// May block in GET …/requests/wait, for at most its `timeout`.
  ServedReply handle(const oidc::HttpRequest& request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mockserver
