#pragma once

#include <memory>

#include "flows/flow.hpp"

namespace authcore {

/// Of clients that only validate: every login is `kUnsupportedByClient`, without any request (VAL-001).
std::unique_ptr<Flow> make_no_login_flow(ClientContext& context);

}  // namespace authcore
