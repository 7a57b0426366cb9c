#pragma once

#include "call.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// Seconds of a step; at most a year, so that nothing overflows.
oidc::Duration read_duration(const oidc::Json& seconds);

/// What happens to the reply on the wire. False if another verb of the step has decided it already.
bool set_fault(Call& call, Fault fault);
/// The same for what happens within the body; false also for a reply that has none.
bool set_body_fault(Call& call, const oidc::HttpResponse& reply, Fault fault);

/// "before" (or "before_headers"), "after_headers" or "mid_body".
Fault read_reset(const oidc::Json& place);

}  // namespace mockserver
