#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "mockserver/issuers.hpp"

namespace mockserver {

/// Carries requests to `issuers` by function call, and does on `clock` what a server does at the socket: waits are
/// slept, and a client sees what it would see of a broken connection.
///
/// Errors: `kNetwork` with `definite` false for a reply that is lost, cut off or malformed, `kTimeout` with
/// `definite` false after `kPatience` for one that never comes, `kConnectFailed` for another origin, for a
/// server that is down and for an aborted handshake, `kTls` for a certificate that is not to be trusted.
/// Thread-safe.
class DirectTransport final : public oidc::HttpTransport {
 public:
  /// How long a reply is waited for, as oidc::HttpClient does.
  static constexpr std::chrono::seconds kPatience{30};

  DirectTransport(const Issuers& issuers, oidc::Clock& clock) : issuers_{issuers}, clock_{clock} {}
  /// From before the first request on somebody answers at this origin, too, where no issuer lives: what is sent there
  /// is stray (`Issuers::on_stray`), and no fault of a script's.
  void answer_also_at(std::string second_origin) { second_origin_ = std::move(second_origin); }
  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest& request) override;

 private:
  oidc::Status connect();
  void disturb(const Delivery& delivery);

  const Issuers& issuers_;
  oidc::Clock& clock_;
  std::string second_origin_;  ///< "": none
  std::mutex mutex_;
  oidc::Duration down_until_{};           // guarded by mutex_; on the clock's monotonic time
  TlsFault handshake_ = TlsFault::kNone;  // guarded by mutex_; of the next connection
};

}  // namespace mockserver
