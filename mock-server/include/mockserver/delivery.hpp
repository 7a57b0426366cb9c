#pragma once

#include <cstddef>
#include <memory>

#include "oidc/clock.hpp"

namespace mockserver {

class Barrier;

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

/// A reply in small pieces. `bytes` 0: in one piece.
struct Trickle {
  std::size_t bytes = 0;
  oidc::Duration every{};
};

/// How the reply is to be put on the wire.
struct Delivery {
  oidc::Duration delay{};  ///< hold the reply back this long, on the issuer's clock
  Fault fault = Fault::kNone;
  Trickle trickle{};                   ///< on the issuer's clock
  std::shared_ptr<Barrier> barrier{};  ///< hold the reply back until it opens; null: don't
};

}  // namespace mockserver
