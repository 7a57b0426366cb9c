#pragma once

#include <string>

#include "mockserver/delivery.hpp"
#include "server/message.hpp"

namespace mockserver {

/// A reply as bytes, for those that are not simply written, and what comes after them.
struct WirePlan {
  enum class End {
    kNext,   ///< the next request, or an orderly close, as the reply's Connection field says
    kClose,  ///< an orderly close
    kReset,  ///< a reset (RST), once the bytes have arrived
    kHang,   ///< nothing, until the client goes away
  };
  std::string bytes;
  End end = End::kNext;
};

/// What goes over the wire for `reply` if `fault` happens to it. A reply without a body ends
/// after its header where the middle of the body is meant.
WirePlan plan_reply(const WireResponse& reply, Fault fault);

}  // namespace mockserver
