#pragma once

#include <string>

#include "oidc/json.hpp"

namespace scenarios {

/// What an unquoted YAML scalar stands for. `problem` is "" or says why it must be quoted.
struct PlainScalar {
  oidc::Json value;
  std::string problem{};
};

/// Resolves by the core schema of YAML 1.2, and refuses whatever YAML 1.1 or another
/// reader would take for something else: no, on, 0600, 1e3, 1:30, 2030-01-01, ~.
PlainScalar resolve_plain(const std::string& text);

}  // namespace scenarios
