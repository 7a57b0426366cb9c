#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mockserver/issuer.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// A certificate authority made at start, and one server certificate signed by it for
/// localhost, 127.0.0.1 and ::1. P-256 keys; valid from a day ago for ten years.
struct TlsIdentity {
  std::string ca_pem;           ///< the trust anchor that clients download
  std::string certificate_pem;  ///< server certificate
  std::string key_pem;
  std::string ca_key_pem{};  ///< for further certificates; "" if it isn't ours
};
/// Errors: `kUnknown` if OpenSSL fails.
oidc::Result<TlsIdentity> make_tls_identity();
/// Reads a certificate chain and its key. Errors: `kBadInput` naming the file that cannot be
/// read, is not PEM, or does not belong to the other.
oidc::Result<TlsIdentity> load_tls_identity(const std::string& certificate_file, const std::string& key_file);

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;                    ///< 0: the system picks a free one
  std::shared_ptr<const TlsIdentity> tls{};  ///< null: plain http
  int threads = 2;                           ///< I/O threads, at least 1
  std::size_t max_header_bytes = 64U << 10U;
  std::size_t max_body_bytes = 2U << 20U;
  /// Run each request on a thread of its own (threads are reused) instead of an I/O thread:
  /// for handlers that take their time, as making RSA keys does. Who waits for something is better off with `later`,
  /// which costs no thread.
  bool blocking_handlers = false;

  // Real time: these guard sockets against slow clients. A connection that runs into one is closed.
  std::chrono::milliseconds idle_timeout{60'000};    ///< without a request in flight; also of a reply that isn't read
  std::chrono::milliseconds header_timeout{10'000};  ///< first byte to end of header; also of the TLS handshake
  std::chrono::milliseconds body_timeout{30'000};    ///< end of header to end of body
};

/// A reply that is not there yet: the server asks for it, without a pause that anybody would notice, until it is there
/// or the client is gone. Called by one thread at a time; must not block.
using LaterReply = std::function<std::optional<oidc::HttpResponse>()>;

/// Answers a request; `url` of the request is absolute, its origin the server's own. May
/// block only under `ServerOptions::blocking_handlers`. The server waits out the delivery's
/// times on the clock that comes with it, and makes its faults real at the socket. What it throws becomes a 500.
struct ServedReply {
  Reply reply;
  oidc::Clock* clock = nullptr;              ///< for the times of the delivery; may be null if there are none
  std::shared_ptr<const void> keep_alive{};  ///< what must outlive the delivery (the issuer)
  LaterReply later{};                        ///< in the place of `reply`, for a handler that waits; null: it doesn't
};
using Handler = std::function<ServedReply(const oidc::HttpRequest&)>;

/// Puts a handler on a port. Connections are kept alive; an idle one costs memory but no
/// thread, and a delayed reply holds up nobody else. Header fields go out as the handler set
/// them, with Content-Length and Connection, and without a Date of the server's own. See
/// docs/adr/0005-server-on-beast.md.
class Server {
 public:
  /// Binds and starts to serve. Errors: `kInvalidArgument` for a port in use or a host that
  /// isn't this machine's; the message names both.
  static oidc::Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
  /// Stops accepting, ends the connections and the delays, waits for handlers in progress
  /// and joins the threads.
  ~Server();

  std::uint16_t port() const;
  /// "http://127.0.0.1:40001"
  const std::string& origin() const;

  /// For how long, in real time, at least one exchange has been open: from its first byte, or that of its connection's
  /// TLS handshake, until its reply was written. Who waited meanwhile may have waited for this server.
  oidc::Duration open_time() const;

  // The server as one that fails; all thread-safe.
  /// Refuses connections from now on, and resets those that are open. No other process gets the port by chance.
  void take_down();
  /// Takes connections again. Errors: `kInvalidArgument` if the port was taken by another process.
  oidc::Status bring_up();
  bool is_up() const;
  /// Lets the next handshakes go wrong, so many of them (nullopt: all from now on), after those that were
  /// scripted before; `kNone` forgets those. Errors: `kInvalidArgument` on a server without TLS, and for what
  /// needs another certificate of an authority that isn't the server's own.
  oidc::Status script_handshakes(TlsFault fault, std::optional<std::size_t> times);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mockserver
