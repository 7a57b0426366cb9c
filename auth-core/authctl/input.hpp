#pragma once

#include <string>

#include "oidc/result.hpp"

namespace authctl {

/// The first word of standard input. Errors: `kInvalidArgument` if there is none.
oidc::Result<std::string> read_token_from_stdin();

}  // namespace authctl
