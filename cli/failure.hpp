#pragma once

#include "oidc/result.hpp"

namespace cli {

/// Prints "assay: <message>" on stderr (problems of files as they are) and returns the exit
/// code: `kUsage` for what the caller wrote, `kHarnessFailed` for everything else.
int fail(const oidc::Error& error);

}  // namespace cli
