#pragma once

#include <stop_token>
#include <string>

#include "oidc/result.hpp"

namespace authctl {

/// The first word of standard input; whoever sits at a terminal is told that it is waited for. Errors:
/// `kInvalidArgument` if there is none; `kCancelled` once `stop` is requested.
oidc::Result<std::string> read_token_from_stdin(const std::stop_token& stop);

}  // namespace authctl
