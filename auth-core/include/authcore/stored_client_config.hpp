#pragma once

#include "authcore/stored_object.hpp"

namespace authcore {

/// The rule of client configurations, for a `StoredObject` that reads one from its path (W-31). Errors:
/// `kConfig`, as those of `Auth::from_config`.
ObjectRule client_config_rule();

}  // namespace authcore
