#pragma once

#include "mockserver/control.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"

namespace mockserver {

/// Serves the issuers: each reply waits on its own issuer's clock and keeps the issuer alive
/// until it is delivered. Never blocks. `issuers` must outlive the server.
Handler issuer_handler(const Issuers& issuers);

/// Serves the control API; it blocks. `control` must outlive the server.
Handler control_handler(Control& control);

}  // namespace mockserver
