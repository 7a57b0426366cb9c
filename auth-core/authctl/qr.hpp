#pragma once

#include <string>

#include "oidc/result.hpp"

namespace authctl {

/// `text` as a QR code of half-block characters, black on white whatever the terminal's colours are.
/// Errors: `kInvalidArgument` if it is too long.
oidc::Result<std::string> qr_code(const std::string& text);

}  // namespace authctl
