#pragma once

#include "oidc/clock.hpp"

namespace mockserver {

/// Moves a clock that can be moved forward. False for one that can't: the machine's.
bool advance_clock(oidc::Clock& clock, oidc::Duration distance);
/// Moves its wall time so far forward or, negative, back; monotonic time never goes back. False for one that
/// can't be moved.
bool shift_clock(oidc::Clock& clock, oidc::Duration distance);

}  // namespace mockserver
