#pragma once

#include <cstddef>
#include <memory>

#include "oidc/clock.hpp"

namespace mockserver {

class Barrier;
class Turn;

/// What goes wrong between issuer and client; the issuer has committed its state by then.
enum class Fault {
  kNone,
  kReset,              ///< the connection is reset (RST) instead of a reply
  kResetAfterHeaders,  ///< … after the header of the reply
  kResetMidBody,       ///< … half-way through its body
  kEmpty,              ///< the connection is closed in order, without a reply
  kTruncate,           ///< … half-way through the body, short of Content-Length
  kBadChunk,           ///< a chunked body whose second chunk has no size
  kHang,               ///< no reply, and the connection stays open until the client gives up
};

/// What goes wrong with a TLS handshake.
enum class TlsFault {
  kNone,
  kAbort,      ///< the connection is reset once the client has said hello
  kExpired,    ///< the certificate's time is over
  kWrongName,  ///< the certificate is somebody else's
  kUntrusted,  ///< the certificate is signed by an authority that nobody knows
  kSwap,       ///< nothing is wrong, but certificate and key are others than before
};

/// A reply in small pieces. `bytes` 0: in one piece.
struct Trickle {
  std::size_t bytes = 0;
  oidc::Duration every{};
};

/// How the reply is to be put on the wire. All times are on the issuer's clock.
struct Delivery {
  oidc::Duration delay{};  ///< hold the reply back this long
  Fault fault = Fault::kNone;
  Trickle trickle{};                   ///< counted from the first byte of the reply's header
  std::shared_ptr<Barrier> barrier{};  ///< hold the reply back until it opens; null: don't
  std::shared_ptr<Turn> turn{};        ///< … until those before are through; null: don't
  oidc::Duration refuse{};             ///< from this reply on the server takes no connections for so long
  TlsFault tls = TlsFault::kNone;      ///< of the next handshake
};

}  // namespace mockserver
