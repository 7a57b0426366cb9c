#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <boost/asio/ssl/context.hpp>

#include "mockserver/server.hpp"

namespace mockserver {

/// As whom the server appears in each handshake: as itself, unless scripted otherwise. Thread-safe; its lock
/// is a leaf.
class Handshakes {
 public:
  /// Errors: `kBadInput` for an identity that OpenSSL doesn't take.
  static oidc::Result<std::unique_ptr<Handshakes>> create(const TlsIdentity& identity);

  /// Lets the next handshakes go wrong, so many of them (nullopt: all), after those scripted before. `kNone`
  /// forgets what is scripted. Errors: those of `make_faulty_identity`.
  oidc::Status script(TlsFault fault, std::optional<std::size_t> times);

  /// How the next handshake goes. Null: it is aborted. The context lives as long as this.
  boost::asio::ssl::context* next();

 private:
  using Context = std::unique_ptr<boost::asio::ssl::context>;
  struct Scripted {
    TlsFault fault;
    std::optional<std::size_t> left;
  };
  Handshakes(TlsIdentity identity, Context own) : identity_{std::move(identity)}, own_{std::move(own)} {}

  const TlsIdentity identity_;
  const Context own_;
  std::mutex mutex_;
  std::map<TlsFault, Context> faulty_;  // guarded by mutex_; made when first scripted, and kept: handshakes use them
  std::deque<Scripted> script_;         // guarded by mutex_
};

}  // namespace mockserver
